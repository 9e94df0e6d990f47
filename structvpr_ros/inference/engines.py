# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Engines by name; each is imported only when it is asked for."""

import logging
from pathlib import Path
from typing import Callable

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine import Engine, load_rgb_card, NotOnThisMachine
from structvpr_ros.inference.engine_choice import (candidates, EngineChoice, EngineKind,
                                                   Precision, Provider)

_logger = logging.getLogger(__name__)


def create_engine(bundle: Path, kind: EngineKind = 'onnx', threads: int = 0,
                  provider: Provider = 'cpu', precision: Precision = 'float32') -> Engine:
    """
    Load a model bundle into an engine.

    Where a name is ``auto``, the best is taken of what is installed, the machine has and, for
    int8, the bundle holds; the engine's ``name`` then tells.

    :param bundle: folder of an RGB model bundle.
    :param kind: ``onnx`` (ONNX Runtime, needs an exported bundle), ``openvino`` (likewise),
        ``torch`` or ``auto``.
    :param threads: of the engine; 0 leaves the number to it.
    :param provider: what runs it: ``cpu``; ``cuda`` or ``tensorrt`` of onnx and ``cuda`` of
        torch, where these are installed; or ``auto``.
    :param precision: ``float32``, ``bfloat16`` (openvino), ``int8`` (onnx and openvino, needs a
        bundle that was exported with a data set) or ``auto``.
    :raises ModelError: the bundle is missing, corrupt, not exported or of the SEG branch.
    :raises ConfigurationError: no such engine, a library or hardware is missing, or a negative
        number of threads.
    """
    if threads < 0:
        raise ConfigurationError(f'expected threads of at least 0, found {threads}')
    choices = candidates(load_rgb_card(Path(bundle)), kind, provider, precision)
    refusals = []
    for choice in choices:
        try:
            engine = _ENGINES[choice.kind](Path(bundle), threads, choice)
        except NotOnThisMachine as refusal:
            refusals.append(str(refusal))
        else:
            _logger.info('%s: engine %s', bundle, engine.name)
            return engine
    raise NotOnThisMachine('; '.join(dict.fromkeys(refusals)))


def _onnx(bundle: Path, threads: int, choice: EngineChoice) -> Engine:
    from structvpr_ros.inference.onnx_engine import OnnxEngine
    return OnnxEngine(bundle, threads, choice.provider, choice.precision)


def _openvino(bundle: Path, threads: int, choice: EngineChoice) -> Engine:
    try:
        from structvpr_ros.inference.openvino_engine import OpenVinoEngine
    except ModuleNotFoundError as error:
        raise _missing('openvino', error) from error
    return OpenVinoEngine(bundle, threads, choice.precision)


def _torch(bundle: Path, threads: int, choice: EngineChoice) -> Engine:
    try:
        from structvpr_ros.inference.torch_engine import TorchEngine
    except ModuleNotFoundError as error:
        raise _missing('torch', error, 'train') from error
    return TorchEngine(bundle, threads, choice.provider)


def _missing(kind: str, error: ModuleNotFoundError, extra: str = '') -> NotOnThisMachine:
    return NotOnThisMachine(
        f'engine {kind}: expected the Python package {error.name}, found none: '
        f"pip install 'structvpr_ros[{extra or kind}]', or choose another engine")


_ENGINES: dict[str, Callable[[Path, int, EngineChoice], Engine]] = {
    'onnx': _onnx, 'openvino': _openvino, 'torch': _torch}
