# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A setting of the ablation: which pairs are distilled, and what is changed beside."""

from dataclasses import dataclass, field
from typing import Any, get_args, Mapping

from structvpr_ros.ablation.encoding import Encoding
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.training.weights import Group

# What a setting may change beside the group, and how its text is read.
_CHANGES: Mapping[str, type] = {'rank_threshold': int, 'strength': float, 'encoding': Encoding}


@dataclass(frozen=True)
class Setting:
    """
    One way to distil.

    :param name: as the user wrote it; also that of its folder.
    :param group: which pairs are distilled.
    :param changes: options of the distillation that differ from the other settings'.
    :param encoding: of the teacher's input.
    """

    name: str
    group: Group
    changes: Mapping[str, Any] = field(default_factory=dict)
    encoding: Encoding = Encoding.WEIGHTED

    @classmethod
    def parse(cls, text: str) -> 'Setting':
        """
        Read GROUP, or GROUP+OPTION=VALUE, as in ``weighted+rank_threshold=5``.

        :raises ConfigurationError: there is no such group or option, or no such value of it.
        """
        group, *changes = text.split('+')
        if group not in get_args(Group):
            raise ConfigurationError(f'expected a setting that begins with one of '
                                     f'{", ".join(get_args(Group))}, found {text!r}')
        changed = dict(_change(change, text) for change in changes)
        encoding = changed.pop('encoding', Encoding.WEIGHTED)
        return cls(text, group, changed, encoding)


def _change(text: str, setting: str) -> tuple[str, Any]:
    name, _, value = text.partition('=')
    try:
        return name, _CHANGES[name](value)
    except (KeyError, ValueError):
        encodings = ', '.join(encoding.value for encoding in Encoding)
        raise ConfigurationError(
            f'expected rank_threshold=NUMBER, strength=NUMBER or encoding= one of {encodings} '
            f'after the + of a setting, found {text!r} in {setting!r}') from None
