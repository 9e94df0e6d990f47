# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Segmentation label map encoding (SLME): label map -> groups -> weighted one-hot map.

The three steps of StructVPR (CVPR 2023): formatting to one-hot, clustering, weighting.
Clustering comes first here, since one-hot of a clustered map equals the clustered one-hot, and
a map of group indices is 8 bit per pixel where a one-hot map is 32 per channel.
"""

from typing import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_set import LabelSet, UNKNOWN


def resize_labels(labels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """
    Resize a map of ids by nearest neighbour; no id appears that was not there.

    Samples lie at pixel centres (INTER_NEAREST_EXACT): plain INTER_NEAREST would shift the map
    by up to half a pixel against its image, which is resized about pixel centres.

    :param labels: (H, W) uint8.
    :param size: (height, width) of the result.
    """
    height, width = size
    return cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)


def check_ids(labels: NDArray[np.uint8], label_set: LabelSet) -> None:
    """
    Check that every class id of a label map is in the label set.

    :raises SegmentationError: naming the smallest id that is not.
    """
    unknown = np.take(label_set.lookup() == UNKNOWN, labels)
    if unknown.any():
        raise SegmentationError(
            f'class id {labels[unknown].min()} is not in label set {label_set.name!r} '
            f'(ids {_spans(sorted(label_set.names))})')


def group_map(labels: NDArray[np.uint8], label_set: LabelSet) -> NDArray[np.uint8]:
    """
    Cluster a label map: class ids to indices of the label set's groups.

    :param labels: (H, W) uint8 class ids.
    :return: (H, W) uint8: 0 for void, 1 + position in ``label_set.group_names`` otherwise.
    :raises SegmentationError: as ``check_ids``.
    """
    check_ids(labels, label_set)
    return np.take(label_set.lookup(), labels)


def weighted_one_hot(groups: NDArray[np.uint8],
                     weights: Sequence[float]) -> NDArray[np.float32]:
    """
    Format a group map as one-hot and weigh its channels: the SEG branch's input.

    :param groups: (H, W) uint8 group indices, 0 = void, as ``group_map`` returns them.
    :param weights: C weights, one per group, in the order of their indices.
    :return: (C, H, W) float32: channel c is ``weights[c]`` where the group is c + 1, else 0.
        Void is 0 in all channels.
    """
    indices = np.arange(1, len(weights) + 1, dtype=np.uint8)[:, None, None]
    return (groups == indices) * np.asarray(weights, np.float32)[:, None, None]


def _spans(ids: Sequence[int]) -> str:
    """Write ascending ids as ranges: 0..18, 255."""
    gaps = [position for position in range(1, len(ids)) if ids[position] != ids[position - 1] + 1]
    pieces = [ids[start:stop] for start, stop in zip([0, *gaps], [*gaps, len(ids)], strict=True)]
    return ', '.join(str(p[0]) if len(p) == 1 else f'{p[0]}..{p[-1]}' for p in pieces)
