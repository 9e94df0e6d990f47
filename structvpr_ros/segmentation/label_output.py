# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From what a segmentation network returns to a label map of the image's size."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_set import LabelSet
from structvpr_ros.segmentation.slme import check_ids, resize_labels


def label_map(output: NDArray[Any], label_set: LabelSet,
              size: tuple[int, int]) -> NDArray[np.uint8]:
    """
    Turn a network's output into a label map.

    Logits are enlarged bilinearly before the best class is taken, which keeps edges smoother
    than enlarging the classes; ids are enlarged by nearest neighbour.

    :param output: logits (1, C, h, w) with C > 1, where channel c means class id c; or class
        ids (1, h, w) or (1, 1, h, w) of any number type.
    :param size: (height, width) of the image.
    :return: (height, width) uint8 class ids, all in the label set.
    :raises SegmentationError: another shape, another number of channels than the label set has
        classes, not finite, or an id that is not in the label set.
    """
    if output.ndim not in (3, 4) or output.shape[0] != 1 or output.size == 0:
        raise SegmentationError('expected logits (1, C, h, w) or class ids (1, h, w) from the '
                                f'model, found shape {output.shape}')
    if not np.isfinite(output).all():
        raise SegmentationError('expected finite numbers from the model, found NaN or infinity')
    if output.ndim == 4 and output.shape[1] > 1:
        labels = _best_class(_checked_logits(output[0], label_set), size)
    else:
        labels = resize_labels(_checked_ids(output, label_set), size)
    check_ids(labels, label_set)
    return labels


def _checked_logits(logits: NDArray[Any], label_set: LabelSet) -> NDArray[np.float32]:
    counts = label_set.channel_counts()
    if len(logits) not in counts:
        raise SegmentationError(
            f'expected {" or ".join(map(str, counts))} classes from the model, as label set '
            f'{label_set.name!r} has, found {len(logits)}')
    return logits.astype(np.float32, copy=False)


def _checked_ids(output: NDArray[Any], label_set: LabelSet) -> NDArray[np.uint8]:
    ids = output.reshape(output.shape[-2:])
    wrong = (ids != np.rint(ids)) | (ids < 0) | (ids > 255)
    if wrong.any():
        raise SegmentationError(f'expected class ids of label set {label_set.name!r} from the '
                                f'model, found {ids[wrong][0]}')
    return ids.astype(np.uint8)


def _best_class(logits: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Class by class: 150 planes of a 1920 x 1080 image would take 1.2 GB at once.
    height, width = size
    best = np.full(size, -np.inf, np.float32)
    labels = np.zeros(size, np.uint8)
    for class_id, plane in enumerate(logits):
        score = cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
        better = score > best
        best[better] = score[better]
        labels[better] = class_id
    return labels
