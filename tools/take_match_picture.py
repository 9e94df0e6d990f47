# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Take the README's picture of ``vpr/match_image``: what the running node publishes, unretouched.

Run by ``make picture`` after ``make demo``.
"""

from argparse import ArgumentParser
import os
from pathlib import Path
import time

import numpy as np
from numpy.typing import NDArray
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.image_messages import decode_image
from structvpr_ros.demo.live import localize_node, namespace
from structvpr_ros.node.interface import IMAGE, MATCH_IMAGE
from structvpr_ros.node.messages import to_image

WITHIN = 60.0  # seconds, for the node to show an image
COLUMNS = 2
GAP = 8  # pixels


class Photographer(Node):
    """Shows images to the node, and keeps what it shows of them."""

    def __init__(self) -> None:
        """Advertise the image and subscribe to its match."""
        super().__init__('photographer', namespace=namespace())
        self._shown: list[Image] = []
        self._images = self.create_publisher(IMAGE.kind, IMAGE.name, QoSProfile(depth=1))
        self.create_subscription(
            MATCH_IMAGE.kind, MATCH_IMAGE.name, self._shown.append, MATCH_IMAGE.quality)
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self)

    def picture(self, number: int, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Return what the node shows of an image, RGB uint8 (H, W, 3).

        :param number: of no other image.
        :raises TimeoutError: it shows nothing.
        """
        message = to_image(image, Header(frame_id=f'{number}'))
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            self._images.publish(message)
            again = time.monotonic() + 1.0
            while time.monotonic() < again:
                self._executor.spin_once(timeout_sec=0.1)
                for shown in self._shown:
                    if shown.header.frame_id == message.header.frame_id:
                        return decode_image(shown)
        raise TimeoutError(f'the node shows nothing on {MATCH_IMAGE.name}')


def sheet(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return pictures of one size side by side, in lines of ``COLUMNS``."""
    blank = np.full_like(pictures[0], 255)
    whole = [*pictures, *[blank] * (-len(pictures) % COLUMNS)]
    framed = [np.pad(picture, ((0, GAP), (0, GAP), (0, 0)), constant_values=255)
              for picture in whole]
    lines = [np.hstack(framed[start:start + COLUMNS])
             for start in range(0, len(framed), COLUMNS)]
    return np.vstack(lines)[:-GAP, :-GAP]


def main() -> None:
    """Run the command."""
    parser = ArgumentParser('take_match_picture', description=__doc__)
    parser.add_argument('--demo', type=Path, default=Path('demo_output'), help='output of demo')
    parser.add_argument('--conditions', nargs='+', default=['night', 'snow', 'fog', 'rain'])
    parser.add_argument('--row', type=int, default=0, help='of the images of each condition')
    parser.add_argument('--output', type=Path, default=Path('docs/match_image.jpg'))
    options = parser.parse_args()
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    table = read_place_dataset(options.demo / 'town')
    images = [read_image(table.select('test_query', condition).image_path(options.row))
              for condition in options.conditions]
    rclpy.init()
    with localize_node(options.demo / 'map', options.demo / 'student',
                       options.demo / 'picture.log'):
        photographer = Photographer()
        pictures = [photographer.picture(*pair) for pair in enumerate(images)]
        photographer.destroy_node()
    rclpy.shutdown()
    write_image(options.output, sheet(pictures))


if __name__ == '__main__':
    main()
