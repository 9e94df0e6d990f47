# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The way of the images while the node is active."""

import time
import traceback
from typing import Optional

import numpy as np
from numpy.typing import NDArray
from rclpy.lifecycle import LifecycleNode

from structvpr_ros.errors import ImageError, StructVPRError
from structvpr_ros.matching.decision import Decision
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.following import Following
from structvpr_ros.node.health import Health
from structvpr_ros.node.image_input import AnyImage, Pace, subscribe
from structvpr_ros.node.newest import NewestWorker
from structvpr_ros.node.outputs import Outputs
from structvpr_ros.node.sight import Sight
from structvpr_ros.node.views import Sighting

LOG_PERIOD = 5.0  # seconds, the least time between two lines about the same trouble

Arrival = tuple[AnyImage, float]  # a message, and when it came


class LiveRecognition:
    """
    Answers to the newest image, from being made until it is closed.

    Images are worked on in a thread of their own: the executor never waits for the engine.

    :ivar localizer: may be replaced at any time; the next image is the first to see it.
    :ivar health: how it fares.
    :ivar following: the sequence filter; None where each image is judged by itself.
    """

    def __init__(self, node: LifecycleNode, localizer: Localizer, outputs: Outputs,
                 mask: Optional[NDArray[np.uint8]]) -> None:
        """
        Subscribe to the images; answers go to ``outputs``.

        :param mask: of the images, as View has it.
        """
        self.localizer = localizer
        self.following = Following(node) if node.get_parameter('sequence_filter').value else None
        self.health = Health(time.monotonic)
        self._node = node
        self._outputs = outputs
        self._sight = Sight(node, mask)
        self._pace = Pace()
        self._worker: NewestWorker[Arrival] = NewestWorker(self._answer)
        self._images = subscribe(node, self._receive)

    @property
    def topic(self) -> str:
        """Return the full name of the topic of the images."""
        return self._images.topic_name

    @property
    def dropped(self) -> int:
        """Count the images that gave way to a newer one."""
        return self._worker.dropped

    def close(self) -> None:
        """Listen no more, and end with the image in hand."""
        self._node.destroy_subscription(self._images)
        self._worker.stop()
        self._sight.close()
        if self.following:
            self.following.close()

    def _receive(self, message: AnyImage) -> None:
        self.health.receive()
        now = time.monotonic()
        if self._pace.admits(now, self._node.get_parameter('max_rate').value):
            self._worker.offer((message, now))

    def _answer(self, arrival: Arrival) -> None:
        # Runs in the worker's thread, which must outlive whatever an image does to it.
        try:
            self._recognize_and_publish(*arrival)
        except ImageError as error:
            count = self.health.cannot_use(str(error))
            self._node.get_logger().warning(f'an image cannot be used ({count} so far): {error}',
                                            throttle_duration_sec=LOG_PERIOD)
        except Exception as error:
            self.health.fail(str(error))
            expected = isinstance(error, StructVPRError)
            self._node.get_logger().error(
                f'no answer to an image: {error if expected else traceback.format_exc()}',
                throttle_duration_sec=LOG_PERIOD)

    def _recognize_and_publish(self, message: AnyImage, arrived: float) -> None:
        begun = time.monotonic()
        seen = self._sight.see(message)
        decoded = time.monotonic()
        stamp = message.header.stamp.sec + 1e-9 * message.header.stamp.nanosec
        localizer = self._configured()
        recognition = localizer.recognize(
            seen.image, stamp, self.following.travelled(stamp) if self.following else None)
        self._outputs.publish(localizer, recognition, seen, message.header, arrived)
        self._account(recognition, {'wait': begun - arrived, 'decode': decoded - begun}, arrived)
        self._outputs.views.offer(
            Sighting(localizer.place_map, recognition, seen.image, message.header))

    def _configured(self) -> Localizer:
        value = {name: self._node.get_parameter(name).value
                 for name in ('top_k', 'min_score', 'min_margin')}
        localizer = self.localizer
        localizer.top_k = value['top_k']
        thresholds = value['min_score'], value['min_margin']
        localizer.decision = Decision(*thresholds) if any(thresholds) else None
        localizer.sequence = self.following.filter_for(localizer) if self.following else None
        return localizer

    def _account(self, recognition: Recognition, timings: dict[str, float],
                 arrived: float) -> None:
        total = {'total': time.monotonic() - arrived}
        self.health.answer(recognition.localized, {**timings, **recognition.timings, **total})
