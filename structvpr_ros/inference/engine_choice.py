# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What may run a network, where and in which precision; and what of that is best."""

from dataclasses import dataclass
from typing import get_args, Literal

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.processor import multiplies_bytes_fast
from structvpr_ros.models.card import ModelCard, ONNX, ONNX_INT8, WEIGHTS

EngineKind = Literal['auto', 'onnx', 'openvino', 'torch']
Provider = Literal['auto', 'cpu', 'cuda', 'tensorrt']
Precision = Literal['auto', 'float32', 'bfloat16', 'int8']

AUTO = 'auto'


@dataclass(frozen=True)
class EngineChoice:
    """
    One way to run a network.

    :param kind: the library.
    :param provider: what it runs on; ``cuda`` and ``tensorrt`` are GPUs of NVIDIA.
    :param precision: of its arithmetic.
    """

    kind: EngineKind
    provider: Provider
    precision: Precision

    def __str__(self) -> str:
        return f'{self.kind} {self.provider} {self.precision}'

    @property
    def file(self) -> str:
        """Return which file of a bundle it runs."""
        if self.kind == 'torch':
            return WEIGHTS
        return ONNX_INT8 if self.precision == 'int8' else ONNX


# Best first, as measured by tools/bench. TensorRT is asked for by name only: it compiles for
# minutes when it starts.
CHOICES = tuple(EngineChoice(*names.split()) for names in (
    'onnx cuda float32', 'openvino cpu int8', 'openvino cpu bfloat16', 'openvino cpu float32',
    'onnx cpu int8', 'onnx cpu float32', 'torch cuda float32', 'torch cpu float32',
    'onnx tensorrt float32'))


def candidates(card: ModelCard, kind: EngineKind, provider: Provider,
               precision: Precision) -> list[EngineChoice]:
    """
    Return what fits a request and a bundle, best first; at least one.

    Whether the libraries are there is not asked. A quantised network is taken unasked only
    where the processor has instructions for it: elsewhere it is no faster, and on x86-64 ONNX
    Runtime adds its products up in 16 bits, which overflow.

    :raises ConfigurationError: an unknown name, or names that do not go together.
    """
    for name, value, known in (('an engine', kind, EngineKind), ('a provider', provider, Provider),
                               ('a precision', precision, Precision)):
        if value not in get_args(known):
            raise ConfigurationError(
                f'expected {name} of {", ".join(get_args(known))}, found {value!r}')
    fitting = [choice for choice in CHOICES
               if kind in (AUTO, choice.kind) and provider in (AUTO, choice.provider)
               and precision in (AUTO, choice.precision)]
    if not fitting:
        raise ConfigurationError(f'no engine is {kind} {provider} {precision}: expected one of '
                                 f'{", ".join(map(str, CHOICES))}')
    offered = [choice for choice in fitting if choice.file in card.files
               and not _is_unwise(choice, provider, precision)]
    # Of what the bundle lacks, the plain one tells best what is to be done.
    return offered or [choice for choice in fitting if choice.precision == 'float32'][:1] \
        or fitting[:1]


def _is_unwise(choice: EngineChoice, provider: Provider, precision: Precision) -> bool:
    if choice.provider == 'tensorrt':
        return provider == AUTO
    return choice.precision == 'int8' and precision == AUTO and not multiplies_bytes_fast()
