# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Engines by name; each is imported only when it is asked for."""

from pathlib import Path
from typing import Callable, get_args, Literal

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine import Engine

EngineKind = Literal['onnx', 'torch']


def create_engine(bundle: Path, kind: EngineKind = 'onnx', threads: int = 0) -> Engine:
    """
    Load a model bundle into an engine.

    :param bundle: folder of an RGB model bundle.
    :param kind: ``onnx`` (ONNX Runtime, needs an exported bundle) or ``torch``.
    :param threads: of the engine; 0 leaves the number to it.
    :raises ModelError: the bundle is missing, corrupt, not exported or of the SEG branch.
    :raises ConfigurationError: no such kind, or a negative number of threads.
    """
    if kind not in _ENGINES:
        raise ConfigurationError(f'expected an engine of {", ".join(_ENGINES)}, found {kind!r}')
    if threads < 0:
        raise ConfigurationError(f'expected threads of at least 0, found {threads}')
    return _ENGINES[kind](bundle, threads)


def _onnx(bundle: Path, threads: int) -> Engine:
    from structvpr_ros.inference.onnx_engine import OnnxEngine
    return OnnxEngine(bundle, threads)


def _torch(bundle: Path, threads: int) -> Engine:
    from structvpr_ros.inference.torch_engine import TorchEngine
    return TorchEngine(bundle, threads)


_ENGINES: dict[str, Callable[[Path, int], Engine]] = {'onnx': _onnx, 'torch': _torch}

assert set(_ENGINES) == set(get_args(EngineKind))
