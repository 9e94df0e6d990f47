# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of an engine, and the checks that all engines share."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.inference.unit_length import unit_rows
from structvpr_ros.models.card import ModelCard, ONNX_INT8


class NotOnThisMachine(ConfigurationError):
    """An engine cannot run here, for want of a library or of hardware; another one may."""


class Engine(Protocol):
    """
    Runs the network of one RGB model bundle; several threads may call one engine at once.

    :ivar card: the card of the bundle; images have its ``input_size``.
    :ivar name: what runs it, where and in which precision: ``onnx cpu float32``, say.
    """

    card: ModelCard
    name: str

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """
        Describe images of the card's input size.

        :param images: RGB uint8 (N, height, width, 3), N at least 1.
        :return: float32 (N, D), each row of unit length.
        :raises ModelError: the images have another type or shape, or the network gave
            something else than descriptors.
        """


def load_rgb_card(bundle: Path) -> ModelCard:
    """
    Read the card of a bundle whose network takes images.

    :raises ModelError: no such bundle, or one of the SEG branch.
    """
    card = ModelCard.load(bundle)
    if card.branch != 'rgb' or card.channels != 3:
        raise ModelError(f'{bundle}: expected a model of the RGB branch, which takes images, '
                         f'found {card.branch} of {card.channels} channels')
    return card


def load_network_file(bundle: Path, card: ModelCard, name: str) -> tuple[Path, bytes]:
    """
    Read an exported network of a bundle, once its hash is found right.

    :param name: of the file, ``ONNX`` or ``ONNX_INT8``.
    :return: where it lies, and what it holds.
    :raises ModelError: the bundle lacks it, or it was changed.
    """
    if name not in card.files:
        how = ' --dataset FOLDER' if name == ONNX_INT8 else ''
        raise ModelError(f'{bundle}: holds no {name} yet: run '
                         f'`ros2 run structvpr_ros export --model {bundle}{how}` first')
    path = card.check_file(bundle, name)
    return path, path.read_bytes()


def check_images(images: NDArray[np.uint8], card: ModelCard) -> None:
    """
    Check what an engine is given.

    :raises ModelError: not uint8 (N, height, width, 3) of the card's input size.
    """
    height, width = card.input_size
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != (height, width, 3) \
            or len(images) == 0:
        raise ModelError(f'expected images of uint8 (N, {height}, {width}, 3), '
                         f'found {images.dtype} {images.shape}')


def check_descriptors(descriptors: NDArray[np.float32], count: int, card: ModelCard) -> None:
    """
    Check what a network returned for ``count`` images.

    :raises ModelError: not float32 (N, D), or a row that is not finite and of unit length.
    """
    expected = (count, card.descriptor_size)
    if descriptors.dtype != np.float32 or descriptors.shape != expected:
        raise ModelError(f'expected descriptors of float32 {expected}, '
                         f'found {descriptors.dtype} {descriptors.shape}')
    good = unit_rows(descriptors)
    if good < count:
        raise ModelError(f'expected descriptors of unit length, found image {good} of {count} '
                         f'with length {np.linalg.norm(descriptors[good])}')
