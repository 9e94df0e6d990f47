# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of an engine, and the checks that all engines share."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ModelError
from structvpr_ros.models.card import ModelCard


class Engine(Protocol):
    """
    Runs one model bundle; several threads may call one engine at once.

    :ivar card: the card of the bundle; images have its ``input_size``.
    """

    card: ModelCard

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """
        Describe images of the card's input size.

        :param images: RGB uint8 (N, height, width, 3), N at least 1.
        :return: float32 (N, D), each row of unit length.
        :raises ModelError: the images have another type or shape, or a descriptor is not
            finite.
        """


def check_images(images: NDArray[np.uint8], card: ModelCard) -> None:
    """
    Check what an engine is given.

    :raises ModelError: not uint8 (N, height, width, 3) of the card's input size.
    """
    height, width = card.input_size
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 4 \
            or images.shape[1:] != (height, width, 3) or not len(images):
        found = f'{images.dtype} {images.shape}' if isinstance(images, np.ndarray) \
            else type(images).__name__
        raise ModelError(
            f'expected images of uint8 (N, {height}, {width}, 3), found {found}')


def check_descriptors(descriptors: NDArray[np.float32]) -> None:
    """
    Check what an engine returns.

    :raises ModelError: a value is NaN or infinite; such a descriptor matches nothing or all.
    """
    if not np.isfinite(descriptors).all():
        raise ModelError('expected a finite descriptor, found NaN or infinity: '
                         'the weights of this model are broken')
