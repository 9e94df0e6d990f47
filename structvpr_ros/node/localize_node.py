# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The localize node: camera images in, ranked places out."""

from pathlib import Path
from threading import Event
import traceback
from typing import Optional, Union

import rclpy
from rclpy.exceptions import ParameterException
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.logging import get_logger
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.signals import SignalHandlerOptions
from rclpy.subscription import Subscription
from sensor_msgs.msg import CompressedImage, Image
from vision_msgs.msg import Classification

from structvpr_ros.errors import ConfigurationError, ImageError, StructVPRError
from structvpr_ros.matching.decision import Decision
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.images import decode_compressed, decode_image
from structvpr_ros.node.messages import to_classification
from structvpr_ros.node.newest import NewestWorker
from structvpr_ros.node.parameters import declare

AnyImage = Union[Image, CompressedImage]

# Of a live camera only the newest frame is worth anything; a lost one is not asked for again.
NEWEST_IMAGE = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
ANSWERS = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)

LOG_PERIOD = 5.0  # seconds, the least time between two lines about the same trouble
STOP_PERIOD = 0.2  # seconds, the longest that a signal waits for an idle executor
MISTAKE = 2  # exit code, as that of the other commands


class LocalizeNode(LifecycleNode):
    """
    Recognizes the place of every image that it can keep up with.

    Configure loads the map and the model, activate subscribes, deactivate stops and cleanup
    frees. Images are worked on in a thread of their own, so that services, parameters and
    transitions are answered while the engine is busy.
    """

    def __init__(self) -> None:
        """
        Declare the parameters; nothing is loaded yet.

        :raises rclpy.exceptions.ParameterException: an override has a wrong type or value.
        """
        super().__init__('localize')
        declare(self)
        self._localizer: Optional[Localizer] = None
        self._places: Optional[Publisher] = None
        self._images: Optional[Subscription] = None
        self._worker: Optional[NewestWorker[AnyImage]] = None
        self._unusable = 0

    def autostart(self) -> None:
        """Configure and activate, unless the parameter ``autostart`` says otherwise."""
        if self.get_parameter('autostart').value:
            if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
                self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the map and the model; where they do not fit, say why and fail."""
        try:
            self._localizer = self._open_localizer()
        except StructVPRError as error:
            self.get_logger().error(f'cannot configure: {error}')
            return TransitionCallbackReturn.FAILURE
        except Exception:
            # Not ours to foresee, yet rclpy would swallow it without a word.
            self.get_logger().fatal(f'cannot configure: {traceback.format_exc()}')
            return TransitionCallbackReturn.ERROR
        self._places = self.create_lifecycle_publisher(Classification, 'vpr/place', ANSWERS)
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin to listen to the camera."""
        self._worker = NewestWorker(self._answer)
        self._images = self._subscribe()
        self.get_logger().info(f'waiting for images on {self._images.topic_name}')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop listening; the image in hand is still answered."""
        self._stop()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free the map and the model."""
        self.release()
        return super().on_cleanup(state)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and free, from whatever state."""
        self.release()
        return super().on_shutdown(state)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop and free, so that the node can be configured again."""
        self.release()
        return super().on_error(state)

    def release(self) -> None:
        """Stop and free whatever is there."""
        self._stop()
        if self._places is not None:
            self.destroy_lifecycle_publisher(self._places)
        self._places = self._localizer = None

    def _open_localizer(self) -> Localizer:
        folders = {}
        for name in ('map', 'model'):
            folders[name] = self.get_parameter(name).value
            if not folders[name]:
                raise ConfigurationError(f'parameter {name}: expected a folder, found none: '
                                         f'start with --ros-args -p {name}:=FOLDER')
        engine = self.get_parameter('engine').value
        localizer = Localizer.open(Path(folders['map']), Path(folders['model']), engine,
                                   threads=self.get_parameter('threads').value)
        self.get_logger().info(f'map {folders["map"]} with {len(localizer.place_map)} frames, '
                               f'model {folders["model"]}, engine {engine}')
        return localizer

    def _subscribe(self) -> Subscription:
        # The compressed topic is below the resolved one, as image_transport has it, so that one
        # remapping of image serves both.
        topic = self.resolve_topic_name('image')
        if self.get_parameter('image_transport').value == 'compressed':
            return self.create_subscription(
                CompressedImage, f'{topic}/compressed', self._worker.offer, NEWEST_IMAGE)
        return self.create_subscription(Image, topic, self._worker.offer, NEWEST_IMAGE)

    def _stop(self) -> None:
        if self._images is not None:
            self.destroy_subscription(self._images)
            self._images = None
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def _answer(self, message: AnyImage) -> None:
        # Runs in the worker's thread, which must outlive whatever an image does to it.
        try:
            recognition = self._recognize(message)
            self._places.publish(to_classification(recognition, message.header))
        except ImageError as error:
            self._unusable += 1
            self.get_logger().warning(
                f'an image cannot be used ({self._unusable} so far): {error}',
                throttle_duration_sec=LOG_PERIOD)
        except Exception:
            self.get_logger().error(f'no answer to an image: {traceback.format_exc()}',
                                    throttle_duration_sec=LOG_PERIOD)

    def _recognize(self, message: AnyImage) -> Recognition:
        decode = decode_image if isinstance(message, Image) else decode_compressed
        self._localizer.top_k = self.get_parameter('top_k').value
        self._localizer.decision = Decision(
            self.get_parameter('min_score').value, self.get_parameter('min_margin').value)
        stamp = message.header.stamp
        return self._localizer.recognize(decode(message), stamp.sec + 1e-9 * stamp.nanosec)


def run(stop: Event) -> int:
    """
    Run the node with the ROS arguments of this process.

    :param stop: set, by a signal handler say, when it is time to end.
    :return: 0; 2 for ROS arguments that cannot work, told in one line.
    """
    try:
        # Without rclpy's signal handlers: they shut the context down under whatever runs, even
        # a transition, and miss an executor that is just about to wait, which waits on for ever.
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        node = LocalizeNode()
    except (ParameterException, RuntimeError) as error:  # rclpy's own are RuntimeErrors
        get_logger('localize').fatal(' '.join(str(error).split()))
        rclpy.try_shutdown()
        return MISTAKE
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    node.autostart()
    while not stop.is_set():
        executor.spin_once(timeout_sec=STOP_PERIOD)
    executor.shutdown()
    node.release()
    node.destroy_node()
    rclpy.shutdown()
    return 0
