# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The node over real DDS: it runs in a process of its own, the test is the robot around it.

Waits are bounded and end when what they wait for is there; no test sleeps.
"""

import array
from contextlib import contextmanager, suppress
import os
from pathlib import Path
import signal
import socket
import subprocess
import sys
import time
from typing import Optional

import cv2
import pytest

WITHIN = 30.0  # seconds, the longest wait for anything; generous, as machines may be busy


def free_domain() -> int:
    """Return a ROS_DOMAIN_ID that nobody on this machine uses now."""
    for step in range(100):
        domain = 1 + (os.getpid() + step) % 100
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(('', 7410 + 250 * domain))  # of the domain's first participant
            except OSError:
                continue
        return domain
    raise RuntimeError('no ROS_DOMAIN_ID is free')


class Process:
    """A Python command in a process of its own; whatever it says goes to a file."""

    def __init__(self, log: Path, *arguments: str) -> None:
        self.log = log
        with log.open('w') as file:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], stdout=file, stderr=file)

    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str) -> None:
        end = time.monotonic() + WITHIN
        while text not in self.said():
            assert self._process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.02)

    def memory(self) -> int:
        """Return the resident set in bytes."""
        pages = Path(f'/proc/{self._process.pid}/statm').read_text().split()[1]
        return int(pages) * os.sysconf('SC_PAGE_SIZE')

    def open_files(self) -> list[str]:
        """Return where what it has open lies."""
        lying = []
        for link in Path(f'/proc/{self._process.pid}/fd').iterdir():
            with suppress(FileNotFoundError):  # closed since the folder was listed
                lying.append(os.readlink(link))
        return lying

    def ended(self) -> int:
        return self._process.wait(WITHIN)

    def stop(self, number: int = signal.SIGINT) -> int:
        self._process.send_signal(number)
        return self.ended()

    def close(self) -> None:
        """End it well if possible, so that its peers need not wait for its lease to run out."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self.ended()
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(WITHIN)


class Robot:
    """A camera, an ear and a client of the node's services, under a namespace."""

    def __init__(self, context, namespace: str = '') -> None:
        from rclpy.executors import SingleThreadedExecutor
        from rclpy.node import Node
        self.node = Node('robot', context=context, namespace=namespace)
        self.executor = SingleThreadedExecutor(context=context)
        self.executor.add_node(self.node)
        self.answers = []
        self._publishers = {}
        self._clients = {}
        self._stamp = 1000
        self.hear('vpr/place')

    def hear(self, topic: str) -> None:
        """Listen for answers on a topic, and on no other one any more."""
        from rclpy.qos import QoSProfile
        from vision_msgs.msg import Classification
        for ear in list(self.node.subscriptions):
            self.node.destroy_subscription(ear)
        self._topic = self.node.resolve_topic_name(topic)
        self.node.create_subscription(
            Classification, topic, self.answers.append, QoSProfile(depth=100))

    def listen(self, kind, topic: str) -> list:
        """Return a list that grows by every message of a kind on a topic."""
        from rclpy.qos import QoSProfile
        heard = []
        self.node.create_subscription(kind, topic, heard.append, QoSProfile(depth=100))
        return heard

    def spin_until(self, done, within: float = WITHIN) -> bool:
        """Listen until ``done()``; return whether that came in time."""
        end = time.monotonic() + within
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.executor.spin_once(timeout_sec=min(left, 0.05))
        return True

    def call(self, kind, name: str, request):
        """Call a service of the node, ``localize/NAME``."""
        client = self._clients.get(name)
        if client is None:
            client = self._clients[name] = self.node.create_client(kind, f'localize/{name}')
        assert self.spin_until(client.service_is_ready)
        # DDS drops an answer to a client that the server has not found yet, as after a restart,
        # and nobody is told: ask again.
        for _ in range(3):
            future = client.call_async(request)
            if self.spin_until(future.done, WITHIN / 3):
                return future.result()
        raise AssertionError(f'{name} does not answer')

    def transition(self, label: str) -> bool:
        """Ask for a lifecycle transition; return whether it succeeded."""
        from lifecycle_msgs.srv import ChangeState
        request = ChangeState.Request()
        request.transition.label = label
        return self.call(ChangeState, 'change_state', request).success

    def state(self) -> str:
        from lifecycle_msgs.srv import GetState
        return self.call(GetState, 'get_state', GetState.Request()).current_state.label

    def set_parameter(self, name: str, value):
        """Set a parameter of the node; return the SetParametersResult."""
        from rcl_interfaces.srv import SetParameters
        from rclpy.parameter import Parameter
        request = SetParameters.Request(
            parameters=[Parameter(name, value=value).to_parameter_msg()])
        return self.call(SetParameters, 'set_parameters', request).results[0]

    def get_parameter(self, name: str):
        """Return the value of a parameter of the node."""
        from rcl_interfaces.srv import GetParameters
        from rclpy.parameter import parameter_value_to_python
        request = GetParameters.Request(names=[name])
        return parameter_value_to_python(
            self.call(GetParameters, 'get_parameters', request).values[0])

    def trigger(self, name: str):
        """Call one of the node's own services; return the Trigger.Response."""
        from std_srvs.srv import Trigger
        return self.call(Trigger, name, Trigger.Request())

    def diagnosis(self, fits=lambda status, values: True):
        """Wait for a status of the node that fits; return it and its values by key."""
        from diagnostic_msgs.msg import DiagnosticArray
        name = f'{self.node.get_namespace()}/localize'.lstrip('/')
        fitting = []

        def hear(message) -> None:
            for status in message.status:
                values = {value.key: value.value for value in status.values}
                if status.name.startswith(f'{name}:') and fits(status, values):
                    fitting.append((status, values))

        ear = self.node.create_subscription(DiagnosticArray, '/diagnostics', hear, 10)
        assert self.spin_until(lambda: bool(fitting))
        self.node.destroy_subscription(ear)
        return fitting[0]

    def publish(self, message, topic: str = 'image', reliable: bool = False) -> None:
        """Publish as most cameras do, or reliably, once the node listens."""
        from rclpy.qos import qos_profile_sensor_data, QoSProfile
        publisher = self._publishers.get((topic, reliable))
        if publisher is None:
            publisher = self._publishers[topic, reliable] = self.node.create_publisher(
                type(message), topic, QoSProfile(depth=100) if reliable else
                qos_profile_sensor_data)
        assert self.spin_until(lambda: publisher.get_subscription_count() > 0)
        # The node must have found our ear, too, before it can answer.
        assert self.spin_until(lambda: self.node.count_publishers(self._topic) > 0)
        publisher.publish(message)

    def publish_until(self, done, message, topic: str = 'image') -> None:
        """Publish a message again and again, as it may be lost, until ``done()``."""
        for _ in range(int(WITHIN)):
            self.publish(message, topic)
            if self.spin_until(done, 1.0):
                return
        raise AssertionError(f'nothing came of a message on {topic}')

    def ask(self, message, topic: str = 'image', reliable: bool = False,
            stamp: Optional[int] = None):
        """Publish an image, again if it may have been lost, and return the answer."""
        self._stamp += 1
        message.header.stamp.sec = self._stamp if stamp is None else stamp
        message.header.stamp.nanosec = 123456789
        message.header.frame_id = message.header.frame_id or 'front_camera'

        def answered() -> bool:
            return any(answer.header.stamp == message.header.stamp for answer in self.answers)

        for _ in range(1 if reliable else int(WITHIN)):
            self.publish(message, topic, reliable)
            if self.spin_until(answered, WITHIN if reliable else 1.0):
                return next(a for a in self.answers if a.header.stamp == message.header.stamp)
        raise AssertionError('the node does not answer')

    @staticmethod
    def raw(image, encoding: str = 'rgb8'):
        """Return uint8 (H, W, 3) as an Image message."""
        from sensor_msgs.msg import Image
        height, width = image.shape[:2]
        return Image(height=height, width=width, encoding=encoding, step=3 * width,
                     data=array.array('B', image.tobytes()))

    @staticmethod
    def compressed(data: bytes, kind: str):
        """Return the bytes of an image file as a CompressedImage message."""
        from sensor_msgs.msg import CompressedImage
        return CompressedImage(format=kind, data=array.array('B', data))

    @classmethod
    def png(cls, image):
        """Return RGB uint8 (H, W, 3) as a CompressedImage message, without loss."""
        return cls.compressed(cv2.imencode('.png', image[..., ::-1])[1].tobytes(), 'png')

    @classmethod
    def jpeg(cls, image):
        """Return RGB uint8 (H, W, 3) as a CompressedImage message."""
        return cls.compressed(cv2.imencode('.jpg', image[..., ::-1])[1].tobytes(), 'jpeg')

    def close(self) -> None:
        self.executor.shutdown()
        self.node.destroy_node()


@pytest.fixture(scope='session')
def ros(tmp_path_factory):
    """Give an rclpy context in a domain of this process; the children inherit the domain."""
    rclpy = pytest.importorskip('rclpy', reason='needs ROS 2')
    pytest.importorskip('vision_msgs', reason='needs vision_msgs')
    from rclpy.context import Context
    from rclpy.signals import SignalHandlerOptions
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('ROS_DOMAIN_ID', str(free_domain()))
        patch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
        # By shared memory, a process of Fast DDS that lives as long as this one may cease to hear,
        # for good, where a busy machine has it wait.
        patch.setenv('FASTDDS_BUILTIN_TRANSPORTS', 'UDPv4')
        patch.setenv('ROS_LOG_DIR', str(tmp_path_factory.mktemp('ros_log')))
        if 'AMENT_PREFIX_PATH' not in os.environ:
            patch.setenv('AMENT_PREFIX_PATH', sys.prefix)
        context = Context()
        rclpy.init(context=context, signal_handler_options=SignalHandlerOptions.NO)
        yield context
        rclpy.shutdown(context=context)


@pytest.fixture(scope='session')
def make_robot(ros):
    """Give a function that makes a robot under a namespace."""
    robots = []

    def make(namespace: str = '') -> Robot:
        robots.append(Robot(ros, namespace))
        return robots[-1]

    yield make
    for robot in robots:
        robot.close()


@pytest.fixture(scope='session')
def robot(make_robot) -> Robot:
    """Give a robot without a namespace."""
    return make_robot()


@pytest.fixture(scope='session')
def make_process(ros, tmp_path_factory):
    """Give a function that starts a Python command; it is ended with the session at last."""
    processes = []

    def make(*arguments: str) -> Process:
        processes.append(Process(tmp_path_factory.mktemp('process') / 'log', *arguments))
        return processes[-1]

    yield make
    for process in processes:
        process.close()


@pytest.fixture(scope='session')
def start(make_process, tiny_map, tiny_bundle):
    """
    Give a context manager that runs a node with the tiny map while its block runs.

    ``start('-p', 'top_k:=3')``; a later argument wins, as rcl has it. Its precision is that of the
    localizers that it is compared with, not bfloat16, which some processors are best at.
    """
    @contextmanager
    def start(*arguments: str):
        process = make_process(
            '-m', 'structvpr_ros.cli.localize', '--ros-args', '-p', f'map:={tiny_map}',
            '-p', f'model:={tiny_bundle}', '-p', 'threads:=1', '-p', 'precision:=float32',
            *arguments)
        try:
            yield process
        finally:
            process.close()
    return start
