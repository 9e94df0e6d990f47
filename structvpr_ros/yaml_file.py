# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Reading YAML that somebody else wrote: bounded, without objects, every fault one error."""

from pathlib import Path
from typing import Any

import yaml

from structvpr_ros.errors import StructVPRError

LIMIT = 1 << 20

# What PyYAML's safe loader lets through on hostile scalars, beside its own YAMLError.
_FAULTS = (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, RecursionError,
           ValueError, OSError)


def read_yaml(path: Path, error: type[StructVPRError]) -> Any:
    """
    Return the plain values (maps, lists, texts, numbers) of a YAML file of at most 1 MiB.

    :param error: the class of the error to raise.
    :raises error: the file cannot be read, is larger, or is no YAML of plain values.
    """
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise error(f'{path}: expected YAML of at most {LIMIT} bytes, found {size}')
        return yaml.safe_load(path.read_text(encoding='utf-8'))
    except _FAULTS as fault:
        reason = ' '.join(str(fault).split())
        raise error(f'{path}: cannot be read as YAML: {reason}') from fault


def brief(value: Any) -> str:
    """Return a value of a YAML file for a message: scalars as such, the rest by their kind."""
    if isinstance(value, (dict, list)):
        # Never its repr: anchors let a short file hold a value whose text fills the memory.
        return f'a {type(value).__name__} of {len(value)}'
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + '...'
