# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A segmentation network from an ONNX file, run by ONNX Runtime."""

from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
import onnxruntime

from structvpr_ros.errors import SegmentationError


class OnnxSegmenter:
    """
    An ONNX file with one input, float32 (N, 3, H, W), of static or free H and W.

    Of several outputs the first counts, as exporters put an auxiliary head behind it.

    :param path: the .onnx file.
    :raises SegmentationError: ONNX Runtime cannot load it, or its input is another.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        available = onnxruntime.get_available_providers()
        providers = [name for name in ('CUDAExecutionProvider', 'CPUExecutionProvider')
                     if name in available]
        try:
            self._session = onnxruntime.InferenceSession(str(path), providers=providers)
        except Exception as error:  # ONNX Runtime's errors share no base of their own.
            raise SegmentationError(f'{path}: ONNX Runtime cannot load it: '
                                    f'{_first_line(error)}') from error
        self.input_size = self._check_input()

    def __call__(self, images: NDArray[np.float32]) -> NDArray[Any]:
        """Label one normalised image, see ``SegmentationNetwork``."""
        name = self._session.get_inputs()[0].name
        try:
            return self._session.run(None, {name: images})[0]
        except Exception as error:
            raise SegmentationError(
                f'{self._path}: ONNX Runtime fails on an input of {images.shape}: '
                f'{_first_line(error)}') from error

    def _check_input(self) -> Optional[tuple[int, int]]:
        inputs = self._session.get_inputs()
        shape = inputs[0].shape if len(inputs) == 1 else None
        if (shape is None or len(shape) != 4 or inputs[0].type != 'tensor(float)'
                or _fixed(shape[0]) not in (None, 1) or _fixed(shape[1]) not in (None, 3)):
            found = ', '.join(f'{item.name} {item.type} {item.shape}' for item in inputs)
            raise SegmentationError(
                f'{self._path}: expected one input tensor(float) [1 or free, 3, H, W], '
                f'found {found or "none"}')
        height, width = _fixed(shape[2]), _fixed(shape[3])
        return None if height is None or width is None else (height, width)


def _fixed(dimension: Any) -> Optional[int]:
    """Return a dimension's size, None where it is free: a name or nothing."""
    return dimension if isinstance(dimension, int) else None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
