# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The calibration that a camera driver publishes beside its images."""

from typing import Optional

from rclpy.node import Node
from sensor_msgs.msg import CameraInfo

from structvpr_ros.errors import ImageError
from structvpr_ros.inference.camera_model import CameraModel
from structvpr_ros.node.interface import CAMERA_INFO, IMAGE


class CameraInfoInput:
    """
    Listens for the calibration of the camera, as long as it is not closed.

    The newest one counts for every image: only cameras that zoom change theirs.
    """

    def __init__(self, node: Node) -> None:
        """Subscribe to the sibling of the image topic, as image_transport names it."""
        self._node = node
        self._message: Optional[CameraInfo] = None
        parent = node.resolve_topic_name(IMAGE.name).rpartition('/')[0]
        self._subscription = CAMERA_INFO.subscribe(
            node, self._hear, f'{parent}/{CAMERA_INFO.name}')

    def camera(self) -> CameraModel:
        """
        Return the camera.

        :raises ImageError: none was heard of yet, or the message does not make one.
        """
        message, topic = self._message, self._subscription.topic_name
        if message is None:
            raise ImageError(f'expected a calibration on {topic}, none has come yet')
        try:
            return to_camera_model(message)
        except ImageError as error:
            raise ImageError(f'{topic}: {error}') from error

    def close(self) -> None:
        """Listen no more."""
        self._node.destroy_subscription(self._subscription)

    def _hear(self, message: CameraInfo) -> None:
        self._message = message


def to_camera_model(message: CameraInfo) -> CameraModel:
    """
    Return the camera that gives the images beside this message.

    A calibration is of the whole sensor; ``binning`` and ``roi`` say what part of it an image
    shows, and how many of its pixels became one, which changes both intrinsic matrices.

    :raises ImageError: the message does not make a camera.
    """
    roi, across, down = message.roi, max(message.binning_x, 1), max(message.binning_y, 1)
    # The projection's fourth column is the baseline of a stereo pair: no matter of the image.
    projection = [message.p[index] for index in (0, 1, 2, 4, 5, 6, 8, 9, 10)]
    matrix, projection = (
        (numbers[0] / across, numbers[1] / across, (numbers[2] - roi.x_offset) / across,
         numbers[3] / down, numbers[4] / down, (numbers[5] - roi.y_offset) / down,
         *numbers[6:])
        for numbers in (message.k.tolist(), projection if any(projection) else message.k))
    whole = (roi.x_offset, roi.y_offset, roi.width, roi.height) == (0, 0, 0, 0)
    height, width = ((message.height, message.width) if whole else (roi.height, roi.width))
    rotation = message.r.tolist() if any(message.r) else [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
    # Simulators and cameras without distortion often leave the model out.
    undistorted = not any(message.d)
    return CameraModel(
        (height // down, width // across),
        message.distortion_model or ('plumb_bob' if undistorted else ''),
        () if undistorted and not _is_fisheye(message) else tuple(message.d),
        tuple(map(float, matrix)), tuple(rotation), tuple(map(float, projection)))


def _is_fisheye(message: CameraInfo) -> bool:
    # There, coefficients of 0 are a lens too: the angle counts, not its tangent.
    return message.distortion_model == 'equidistant'
