# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A robot that never rests: a camera, an ear, and a hand at every service and parameter."""

from functools import partial
import itertools
import time
from typing import Any, Callable, Iterator

from diagnostic_msgs.msg import DiagnosticArray
from ledger import Period
from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from sensor_msgs.msg import CompressedImage, Image
from shots import Shot, SHOTS
from std_srvs.srv import Trigger
from vision_msgs.msg import Classification
from visualization_msgs.msg import MarkerArray

CALL_PERIOD = 5.0  # seconds between two calls
WITHIN = 30.0  # seconds, the longest wait for a transition or for the node to be found


class Traffic:
    """
    Sends images to the node ``localize`` of its namespace and calls what there is to call.

    :ivar period: where everything is counted; may be replaced at any time.
    """

    def __init__(self, node: Node) -> None:
        """Listen to the node; nothing is sent yet."""
        self.period = Period()
        self._node = node
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._sent: dict[int, tuple[float, Period]] = {}
        self._dropped = 0
        self._clients: dict[str, Any] = {}
        self._eyes: list[Any] = []
        self._calls = itertools.cycle(self._round())
        node.create_subscription(Classification, 'vpr/place', self._hear, QoSProfile(depth=100))
        node.create_subscription(DiagnosticArray, '/diagnostics', self._diagnose, 10)
        self._publishers = {'raw': node.create_publisher(Image, 'image', 5),
                            'compressed': node.create_publisher(
                                CompressedImage, 'image/compressed', 5)}
        self._shots = {name: shots(0) for name, shots in SHOTS.items()}
        self._transport, self._follows = 'raw', False

    def meet(self) -> None:
        """
        Wait for the node.

        :raises TimeoutError: it does not listen or cannot be heard.
        """
        publisher = self._publishers[self._transport]
        self._wait(lambda: publisher.get_subscription_count() > 0
                   and self._node.count_publishers(self._node.resolve_topic_name('vpr/place')) > 0)

    def run(self, until: float, rate: float, tick: Callable[[], None]) -> None:
        """
        Send images and call services.

        :param until: when to end, on the monotonic clock.
        :param rate: images per second.
        :param tick: called about once per image.
        :raises TimeoutError: the node did not follow a transition.
        """
        due = next_call = time.monotonic()
        while due < until:
            self._send(next(self._shots[self._transport]))
            tick()
            if due >= next_call:
                next(self._calls)()
                next_call = due + CALL_PERIOD
            # What a transition took is not made up for.
            due = max(due + 1 / rate, time.monotonic() - 1 / rate)
            self._spin_until(due)
        self._spin_until(time.monotonic() + 2.0)  # the last answers

    def _round(self) -> Iterator[Callable[[], None]]:
        return iter((
            lambda: self._set('top_k', 20), lambda: self._set('min_score', 0.9),
            self._look, lambda: self._set('top_k', 0, refused=True),
            lambda: self._trigger('load_map'), lambda: self._set('min_score', 0.0),
            lambda: self._call(GetParameters, 'get_parameters',
                               GetParameters.Request(names=['map', 'top_k'])),
            lambda: self._set('top_k', 5), lambda: self._trigger('reload'),
            lambda: self._trigger('send_initial_pose', refused=True),
            lambda: self._set('roi', [8, 8, 0, -1], refused=True),
            lambda: self._trigger('clear_filter', refused=not self._follows), self._look_away,
            lambda: self._restart(('deactivate',), ('activate',), False),
            lambda: self._restart(('deactivate', 'cleanup'), ('configure', 'activate'), True)))

    def _send(self, shot: Shot) -> None:
        stamp = time.time_ns()
        shot.message.header.frame_id = 'soak'
        shot.message.header.stamp.sec, shot.message.header.stamp.nanosec = divmod(stamp, 10 ** 9)
        if shot.whole:
            self.period.sent += 1
            self._sent[stamp] = time.perf_counter(), self.period
        else:
            self.period.broken += 1
        self._publishers[self._transport].publish(shot.message)
        while len(self._sent) > 10_000:  # lost, all of them
            del self._sent[next(iter(self._sent))]

    def _hear(self, message: Classification) -> None:
        stamp = message.header.stamp.sec * 10 ** 9 + message.header.stamp.nanosec
        sent = self._sent.pop(stamp, None)
        if sent is None:
            self.period.surprises += 1  # an answer to a broken image, or a second one
        else:
            sent[1].latencies.append(time.perf_counter() - sent[0])

    def _diagnose(self, message: DiagnosticArray) -> None:
        name = f'{self._node.get_namespace()}/localize:'.lstrip('/')
        for status in message.status:
            values = {value.key: value.value for value in status.values}
            if not status.name.startswith(name) or 'input rate (Hz)' not in values:
                continue
            self.period.rates.append(
                (float(values['input rate (Hz)']), float(values['output rate (Hz)'])))
            dropped = int(values['images dropped for a newer one'])
            # It counts from its activation.
            self.period.dropped += dropped - self._dropped * (dropped >= self._dropped)
            self._dropped = dropped

    def _look(self) -> None:
        self._eyes = [self._node.create_subscription(kind, topic, lambda _: None, 1)
                      for kind, topic in ((Image, 'vpr/match_image'),
                                          (MarkerArray, 'vpr/candidates'))]

    def _look_away(self) -> None:
        for eye in self._eyes:
            self._node.destroy_subscription(eye)
        self._eyes = []

    def _restart(self, down: tuple[str, ...], up: tuple[str, ...], follow: bool) -> None:
        # The other transport, and the filter on or off; the camera pauses meanwhile.
        self._transport = {'raw': 'compressed', 'compressed': 'raw'}[self._transport]
        self._follows = follow
        # Each waits for the last, since the node need not answer in the order of asking.
        for call in (*(partial(self._transition, label) for label in down),
                     partial(self._set, 'image_transport', self._transport),
                     partial(self._set, 'sequence_filter', follow),
                     *(partial(self._transition, label) for label in up)):
            self._wait(call().done)
        self.meet()

    def _transition(self, label: str) -> Any:
        request = ChangeState.Request()
        request.transition.label = label
        return self._call(ChangeState, 'change_state', request, lambda reply: reply.success)

    def _trigger(self, name: str, refused: bool = False) -> Any:
        return self._call(Trigger, name, Trigger.Request(),
                          lambda reply: reply.success != refused)

    def _set(self, name: str, value: Any, refused: bool = False) -> Any:
        request = SetParameters.Request(
            parameters=[Parameter(name, value=value).to_parameter_msg()])
        return self._call(SetParameters, 'set_parameters', request,
                          lambda reply: reply.results[0].successful != refused)

    def _call(self, kind: type, name: str, request: Any,
              fits: Callable[[Any], bool] = lambda reply: True) -> Any:
        client = self._clients.get(name)
        if client is None:
            client = self._clients[name] = self._node.create_client(kind, f'localize/{name}')
        self._wait(client.service_is_ready)
        period = self.period
        period.calls += 1
        future = client.call_async(request)

        def judge(done: Any) -> None:
            period.surprises += not fits(done.result())

        future.add_done_callback(judge)
        return future

    def _wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + WITHIN
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f'the node has not done what it was told for {WITHIN:g} s')
            self._executor.spin_once(timeout_sec=0.02)

    def _spin_until(self, due: float) -> None:
        while (left := due - time.monotonic()) > 0:
            self._executor.spin_once(timeout_sec=left)
