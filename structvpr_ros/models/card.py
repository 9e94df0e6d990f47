# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The model card, model.yaml: all that a model bundle says of itself; free of torch."""

from dataclasses import asdict, dataclass, field, fields
import math
from pathlib import Path
from typing import Any, Callable, Mapping

import yaml

from structvpr_ros.errors import ModelError
from structvpr_ros.storage import file_hash, replacing_file
from structvpr_ros.yaml_file import brief, read_yaml

CARD = 'model.yaml'
WEIGHTS = 'model.safetensors'
ONNX = 'model.onnx'
ONNX_INT8 = 'model_int8.onnx'
FORMAT = 1


@dataclass(frozen=True)
class ModelCard:
    """
    What a model bundle holds and how it came about.

    :param branch: ``rgb`` (input: images) or ``seg`` (input: encoded label maps).
    :param backbone: name of the backbone, a key of ``backbones.BACKBONES``.
    :param aggregator: name of the aggregator, a key of ``aggregators.registry.AGGREGATORS``.
    :param channels: C of the input: 3, or the number of groups.
    :param input_size: (height, width) of the input, pixels.
    :param descriptor_size: D of the descriptors, which are (N, D) and of unit length.
    :param mean: per channel, subtracted from values in 0..1 ...
    :param std: ... and what they are then divided by; zeros and ones for the SEG branch.
    :param groups: names of the SEG branch's channels; empty for RGB.
    :param weights: value of each channel where its group is present; empty for RGB.
    :param fingerprint: hexadecimal, the same for two bundles just when their nets are the same.
    :param training: how it was trained: names to plain values.
    :param scores: what it scored: names to values.
    :param files: SHA-256 of each file in the bundle's folder, by name.
    """

    branch: str
    backbone: str
    aggregator: str
    channels: int
    input_size: tuple[int, int]
    descriptor_size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    groups: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    fingerprint: str = ''
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> 'ModelCard':
        """
        Read and check the card of a bundle; its files are checked by ``check_file``.

        :raises ModelError: no such bundle, no YAML, or a field that is missing, unknown or of
            another kind than expected.
        """
        path = Path(folder) / CARD
        stored = _read(path)
        names = {known.name for known in fields(cls)}
        if set(stored) != names:
            raise ModelError(
                f'{path}: expected the fields {", ".join(sorted(names))}; '
                f'missing: {", ".join(sorted(names - set(stored))) or "none"}, '
                f'unknown: {", ".join(sorted(map(str, set(stored) - names))) or "none"}')
        for name, (expected, fits) in _FIELDS.items():
            if not fits(stored[name]):
                raise ModelError(f'{path}: expected {expected} as {name}, '
                                 f'found {brief(stored[name])}')
        card = cls(**{name: tuple(value) if isinstance(value, list) else value
                      for name, value in stored.items()})
        _check_lengths(path, card)
        return card

    def save(self, folder: Path) -> None:
        """Write the card into a bundle's folder, replacing an older one."""
        plain = {name: list(value) if isinstance(value, tuple) else value
                 for name, value in asdict(self).items()}
        with replacing_file(Path(folder) / CARD) as aside:
            aside.write_text(
                yaml.safe_dump({'format': FORMAT, **plain}, sort_keys=False), encoding='utf-8')

    def check_file(self, folder: Path, name: str) -> Path:
        """
        Return the path of one of the bundle's files once its hash is found right.

        :raises ModelError: the card does not list the file, it is missing, or it was changed.
        """
        path = Path(folder) / name
        if name not in self.files:
            raise ModelError(f'{Path(folder) / CARD}: lists no {name}, '
                             f'only {", ".join(sorted(self.files)) or "no files"}')
        if not path.is_file():
            raise ModelError(f'{path}: expected a file of the model bundle, found none')
        found = file_hash(path)
        if found != self.files[name]:
            raise ModelError(f'{path}: expected SHA-256 {self.files[name][:12]}..., '
                             f'found {found[:12]}...: corrupt or changed')
        return path


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ModelError(f'{path}: expected a model bundle, found no such file')
    stored = read_yaml(path, ModelError)
    version = stored.pop('format', None) if isinstance(stored, dict) else None
    if version != FORMAT:
        raise ModelError(f'{path}: expected a model card of format {FORMAT}, '
                         f'found {brief(version)}')
    return stored


def _check_lengths(path: Path, card: ModelCard) -> None:
    for name in ('mean', 'std') + (('groups', 'weights') if card.branch == 'seg' else ()):
        if len(getattr(card, name)) != card.channels:
            raise ModelError(f'{path}: expected {card.channels} values as {name}, '
                             f'found {len(getattr(card, name))}')


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_number(value: Any) -> bool:
    return (isinstance(value, (int, float)) and not isinstance(value, bool)
            and math.isfinite(value))


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _map_to(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (isinstance(value, dict) and all(map(_is_text, value))
                          and all(map(fits, value.values())))


_FIELDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    'branch': ('rgb or seg', lambda value: value in ('rgb', 'seg')),
    'backbone': ('a name', _is_text),
    'aggregator': ('a name', _is_text),
    'channels': ('a positive integer', _is_count),
    'input_size': ('a list of height and width',
                   lambda value: _list_of(_is_count)(value) and len(value) == 2),
    'descriptor_size': ('a positive integer', _is_count),
    'mean': ('a list of numbers', _list_of(_is_number)),
    'std': ('a list of positive numbers', _list_of(lambda value: _is_number(value) and value > 0)),
    'groups': ('a list of names', _list_of(_is_text)),
    'weights': ('a list of numbers', _list_of(_is_number)),
    'fingerprint': ('a hexadecimal text', _is_text),
    'training': ('a map', _map_to(lambda value: True)),
    'scores': ('a map of names to numbers', _map_to(_is_number)),
    'files': ('a map of names to hashes', _map_to(_is_text)),
}
