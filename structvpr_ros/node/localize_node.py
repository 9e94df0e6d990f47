# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The localize node: camera images in, ranked places out."""

from pathlib import Path
import traceback
from typing import Callable, Optional

from diagnostic_msgs.msg import DiagnosticArray
import numpy as np
from numpy.typing import NDArray
from rclpy.clock import Clock, ClockType
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from std_srvs.srv import Trigger

from structvpr_ros.errors import ConfigurationError, StructVPRError
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.second_stage import open_second_stage
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.node.diagnostics import diagnose, Limits, reranking
from structvpr_ros.node.initial_pose import NoFreshPose
from structvpr_ros.node.interface import (CLEAR_FILTER, DIAGNOSTICS, LOAD_MAP, RELOAD,
                                          SEND_INITIAL_POSE)
from structvpr_ros.node.live import LiveRecognition
from structvpr_ros.node.memory import free_circles
from structvpr_ros.node.outputs import Outputs
from structvpr_ros.node.parameters import declare
from structvpr_ros.node.sight import configured_mask
from structvpr_ros.node.stores import configured_stores
from structvpr_ros.place_map.open_maps import open_maps
from structvpr_ros.place_map.place_map import PlaceMap

DIAGNOSTICS_PERIOD = 1.0  # seconds


class LocalizeNode(LifecycleNode):
    """
    Recognizes the place of every image that it can keep up with.

    Configure loads the map and the model, activate listens, deactivate stops and cleanup frees.
    The services ``~/load_map`` and ``~/reload`` exchange the map, or map and model, under way:
    the old ones answer until the new ones are loaded, and remain if they cannot be.
    ``~/clear_filter`` makes the sequence filter forget, ``~/send_initial_pose`` publishes the
    pose of the newest image on ``initialpose``.
    """

    def __init__(self) -> None:
        """
        Declare the parameters; nothing is loaded yet.

        :raises rclpy.exceptions.ParameterException: an override has a wrong type or value.
        """
        super().__init__('localize')
        declare(self)
        self._localizer: Optional[Localizer] = None
        self._mask: Optional[NDArray[np.uint8]] = None
        self._outputs: Optional[Outputs] = None
        self._live: Optional[LiveRecognition] = None
        self._trouble = ''
        self._diagnostics = self.create_publisher(
            DIAGNOSTICS.kind, DIAGNOSTICS.name, DIAGNOSTICS.quality)
        # Not by the node's clock, which under use_sim_time may stand still.
        self.create_timer(DIAGNOSTICS_PERIOD, self._tell_health,
                          clock=Clock(clock_type=ClockType.STEADY_TIME))
        LOAD_MAP.offer(self, self._load_map)
        RELOAD.offer(self, self._reload)
        CLEAR_FILTER.offer(self, self._clear_filter)
        SEND_INITIAL_POSE.offer(self, self._send_initial_pose)

    def autostart(self) -> None:
        """Configure and activate, unless the parameter ``autostart`` says otherwise."""
        if self.get_parameter('autostart').value:
            if self.trigger_configure() == TransitionCallbackReturn.SUCCESS:
                self.trigger_activate()

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the map and the model; where they do not fit, say why and fail."""
        try:
            self._mask = configured_mask(self)
            self._localizer = self._open_localizer()
            self._outputs = Outputs(self)
        except StructVPRError as error:
            self.release()
            self._trouble = f'cannot configure: {error}'
            self.get_logger().error(self._trouble)
            return TransitionCallbackReturn.FAILURE
        except Exception as error:
            # Not ours to foresee, yet rclpy would swallow it without a word.
            self.release()
            self._trouble = f'cannot configure: {error}'
            self.get_logger().fatal(f'cannot configure: {traceback.format_exc()}')
            return TransitionCallbackReturn.ERROR
        self._trouble = ''
        return super().on_configure(state)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Begin to listen to the camera."""
        self._live = LiveRecognition(self, self._localizer, self._outputs, self._mask)
        self.get_logger().info(f'waiting for images on {self._live.topic}')
        return super().on_activate(state)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop listening; the image in hand is still answered."""
        self._stop()
        free_circles()
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
        if self._outputs is not None:
            self._outputs.close()
        self._outputs = self._localizer = self._mask = None
        free_circles()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.close()
            self._live = None

    def _open_localizer(self) -> Localizer:
        model = self._folder('model') or SHIPPED_STUDENT
        folder, server = configured_stores(self)
        localizer = Localizer.open(folder, model, milvus=server, **{
            name: self.get_parameter(name).value
            for name in ('engine', 'provider', 'precision', 'threads', 'rerank',
                         'rerank_candidates')})
        self.get_logger().info(
            f'map {localizer.place_map.folder} with {len(localizer.place_map)} frames, '
            f'model {model}, engine {localizer.engine.name}, '
            f're-ranking {reranking(localizer)}')
        return localizer

    def _folder(self, name: str) -> Optional[Path]:
        value = self.get_parameter(name).value
        return Path(value) if value else None

    def _load_map(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        return self._exchange(
            lambda: self._exchanged(*open_maps(*configured_stores(self))), response)

    def _reload(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        return self._exchange(self._open_localizer, response)

    def _exchanged(self, place_map: PlaceMap, fallback: Optional[PlaceMap]) -> Localizer:
        return Localizer(place_map, self._localizer.engine, fallback=fallback,
                         second_stage=open_second_stage(place_map, *(
                             self.get_parameter(name).value
                             for name in ('rerank', 'rerank_candidates', 'engine', 'threads'))))

    def _exchange(self, load: Callable[[], Localizer],
                  response: Trigger.Response) -> Trigger.Response:
        try:
            if self._localizer is None:
                raise ConfigurationError('expected a configured node')
            self._localizer = load()
        except StructVPRError as error:
            response.success, response.message = False, str(error)
            self.get_logger().error(f'nothing is exchanged: {error}')
            return response
        if self._live is not None:
            self._live.localizer = self._localizer
        response.success = True
        response.message = (f'{self._localizer.place_map.folder} with '
                            f'{len(self._localizer.place_map)} frames')
        self.get_logger().info(f'now on map {response.message}')
        free_circles()
        return response

    def _clear_filter(self, request: Trigger.Request,
                      response: Trigger.Response) -> Trigger.Response:
        following = self._live.following if self._live else None
        if following is not None:
            following.clear()
        response.success = following is not None
        response.message = ('what was known is forgotten' if response.success else
                            'expected an active node with sequence_filter')
        return response

    def _send_initial_pose(self, request: Trigger.Request,
                           response: Trigger.Response) -> Trigger.Response:
        try:
            if self._live is None:
                raise NoFreshPose('expected an active node')
            response.success, response.message = True, self._outputs.initial_pose.send()
        except NoFreshPose as error:
            response.success, response.message = False, str(error)
        self.get_logger().info(f'initial pose: {response.message}')
        return response

    def _tell_health(self) -> None:
        limits = Limits(self.get_parameter('max_silence').value,
                        self.get_parameter('max_latency').value)
        report = None if self._live is None else self._live.health.report()
        dropped = 0 if self._live is None else self._live.dropped
        name = f'{self.get_fully_qualified_name()[1:]}: place recognition'
        message = DiagnosticArray(status=[
            diagnose(name, self._trouble, self._localizer, report, dropped, limits,
                     self.get_parameter('store').value == 'milvus')])
        message.header.stamp = self.get_clock().now().to_msg()
        self._diagnostics.publish(message)
