# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A camera made of image files, which also hears what the localize node answers."""

import array
from dataclasses import dataclass
from pathlib import Path
from threading import Event
import time
from typing import Callable

import cv2
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header
from vision_msgs.msg import Classification

from structvpr_ros.data.image_files import read_image
from structvpr_ros.node.messages import to_image

FRAME_ID = 'camera'
FILE_FORMATS = {'.jpg': 'jpeg', '.jpeg': 'jpeg', '.png': 'png'}

# Reliable publishers fit listeners of either kind.
IMAGES = QoSProfile(depth=5)
ANSWERS = QoSProfile(depth=100)


@dataclass(frozen=True)
class Answer:
    """
    What the localize node said about one image.

    :param stamp: nanoseconds, the stamp of the image.
    :param latency: seconds from publishing the image to hearing the answer.
    :param places: place IDs and scores, best first; empty when not localized.
    """

    stamp: int
    latency: float
    places: tuple[tuple[str, float], ...]


class Camera(Node):
    """
    Publishes images on ``image`` or ``image/compressed`` and collects answers by stamp.

    :ivar answers: by the stamp of the image, the first answer to each.
    """

    def __init__(self, transport: str, context: Context, interrupted: Event) -> None:
        """
        Advertise the images and listen for the answers.

        :param transport: raw or compressed.
        :param interrupted: when set, whoever waits gets a KeyboardInterrupt.
        """
        super().__init__('replay', context=context)
        self._interrupted = interrupted
        self.answers: dict[int, Answer] = {}
        self._sent: dict[int, float] = {}
        self._newest = 0
        # First the ear, then the mouth: who hears our images can be heard by us.
        self.create_subscription(Classification, 'vpr/place', self._hear, ANSWERS)
        topic = self.resolve_topic_name('image')
        self._message = raw_message if transport == 'raw' else compressed_message
        self._images = (
            self.create_publisher(Image, topic, IMAGES) if transport == 'raw' else
            self.create_publisher(CompressedImage, f'{topic}/compressed', IMAGES))
        self._executor = SingleThreadedExecutor(context=context)
        self._executor.add_node(self)

    @property
    def topic(self) -> str:
        """Return the full name of the topic that carries the images."""
        return self._images.topic_name

    def has_listener(self) -> bool:
        """Return whether a node listens to the images, and one offers answers."""
        answers = self.count_publishers(self.resolve_topic_name('vpr/place'))
        return self._images.get_subscription_count() > 0 and answers > 0

    def publish(self, path: Path) -> int:
        """
        Publish an image file; return its stamp in nanoseconds, which no other image has.

        :raises ImageError: the file is missing or no image.
        """
        stamp = self._newest = max(time.time_ns(), self._newest + 1)
        header = Header(frame_id=FRAME_ID)
        header.stamp.sec, header.stamp.nanosec = divmod(stamp, 1_000_000_000)
        message = self._message(path, header)
        self._sent[stamp] = time.perf_counter()
        self._images.publish(message)
        return stamp

    def wait_until(self, done: Callable[[], bool], timeout: float) -> bool:
        """
        Listen until ``done()``, at most ``timeout`` seconds; return whether it is done.

        :raises KeyboardInterrupt: somebody interrupted.
        """
        end = time.monotonic() + timeout
        while not done():
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._executor.spin_once(timeout_sec=min(left, 0.1))
        return True

    def close(self) -> None:
        """Leave: what is left to Python to clean up may complain on its way out."""
        self._executor.shutdown()
        self.destroy_node()

    def _hear(self, message: Classification) -> None:
        heard = time.perf_counter()
        stamp = message.header.stamp.sec * 1_000_000_000 + message.header.stamp.nanosec
        if stamp in self._sent and stamp not in self.answers:
            self.answers[stamp] = Answer(stamp, heard - self._sent[stamp], tuple(
                (result.class_id, result.score) for result in message.results))


def raw_message(path: Path, header: Header) -> Image:
    """Return an image file as an rgb8 message."""
    return to_image(read_image(path), header)


def compressed_message(path: Path, header: Header) -> CompressedImage:
    """Return a JPEG or PNG file as it is, and any other image as PNG."""
    if path.suffix.lower() in FILE_FORMATS:
        data, name = path.read_bytes(), FILE_FORMATS[path.suffix.lower()]
    else:
        bgr = cv2.cvtColor(read_image(path), cv2.COLOR_RGB2BGR)
        data, name = cv2.imencode('.png', bgr)[1].tobytes(), 'png'
    return CompressedImage(header=header, format=name, data=array.array('B', data))
