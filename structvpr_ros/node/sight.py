# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From an image message to what the network gets to see of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np
from numpy.typing import NDArray
from rclpy.node import Node
from sensor_msgs.msg import Image

from structvpr_ros.data.image_messages import decode_compressed, decode_image
from structvpr_ros.inference.view import read_mask, View
from structvpr_ros.node.camera_info import CameraInfoInput
from structvpr_ros.node.image_input import AnyImage


def configured_mask(node: Node) -> Optional[NDArray[np.uint8]]:
    """
    Return the mask that the node's parameter ``mask`` names.

    :raises ImageError: it cannot be read, or hides everything.
    """
    value = node.get_parameter('mask').value
    return read_mask(Path(value)) if value else None


@dataclass(frozen=True, eq=False)
class Seen:
    """
    What there is to see of an image.

    :param image: RGB uint8 (H, W, 3).
    :param matrix: its intrinsic matrix, float64 (3, 3); None where the camera is not known.
    """

    image: NDArray[np.uint8]
    matrix: Optional[NDArray[np.float64]]


class Sight:
    """Decodes, undistorts, masks and cuts out, as the node's parameters say."""

    def __init__(self, node: Node, mask: Optional[NDArray[np.uint8]]) -> None:
        """Listen for the calibration, if it is wanted."""
        self._node = node
        self._mask = mask
        self._camera_info = (
            CameraInfoInput(node) if node.get_parameter('camera_info').value else None)

    def see(self, message: AnyImage) -> Seen:
        """
        Return what there is to see.

        :raises ImageError: the message holds no whole image, there is no calibration for it
            yet, or calibration or region do not fit it.
        """
        camera = self._camera_info.camera() if self._camera_info else None
        decode = decode_image if isinstance(message, Image) else decode_compressed
        view = View(camera, self._mask, tuple(self._node.get_parameter('roi').value))
        return Seen(view.apply(decode(message)), view.matrix)

    def close(self) -> None:
        """Listen no more."""
        if self._camera_info:
            self._camera_info.close()
