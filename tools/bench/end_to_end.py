# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(b) End to end over DDS: from a camera's stamp to the answer, at several rates and sizes."""

from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
import os
from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Any, Iterator, Optional

from in_turn import summary
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image
from std_msgs.msg import Header
from tqdm import tqdm
from vision_msgs.msg import Classification
from world import picture, SIZES

from structvpr_ros.node.messages import to_image

RATES = (5.0, 15.0, 30.0, 60.0, 0.0)  # Hz; 0 sends as fast as images can be sent
_WITHIN = 60.0  # seconds
_LAST_ANSWERS = 1.0  # seconds


class Camera:
    """Sends pictures to a localize node, and hears its answers."""

    def __init__(self, node: Node) -> None:
        """Meet nobody yet."""
        self.latencies: list[float] = []
        self._node = node
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._sent: dict[int, float] = {}
        self._publisher = node.create_publisher(Image, 'image', 2)
        node.create_subscription(Classification, 'vpr/place', self._hear, QoSProfile(depth=100))

    def first_answer(self, message: Image) -> float:
        """
        Send pictures until there is an answer; return when it came, by the monotonic clock.

        :raises TimeoutError: none came.
        """
        end = time.monotonic() + _WITHIN
        self.latencies.clear()
        while not self.latencies:
            if time.monotonic() > end:
                raise TimeoutError(f'no answer within {_WITHIN:g} s')
            if self._publisher.get_subscription_count():
                self._send(message)
            self._spin_until(time.monotonic() + 0.05)
        return time.monotonic()

    def drive(self, message: Image, rate: float, seconds: float) -> dict[str, Any]:
        """Send pictures at a rate, 0 for all that can be sent; return what came of them."""
        self.latencies.clear()
        self._sent.clear()
        began = due = time.monotonic()
        sent = 0
        while due < began + seconds:
            self._send(message)
            sent += 1
            due = max(due + 1 / rate, time.monotonic() - 1 / rate) if rate else time.monotonic()
            self._spin_until(due)
        took = time.monotonic() - began
        self._spin_until(time.monotonic() + _LAST_ANSWERS)
        return {**summary(self.latencies), 'sent_hz': sent / took,
                'answered_hz': len(self.latencies) / took}

    def _send(self, message: Image) -> None:
        stamp = time.time_ns()
        message.header.stamp.sec, message.header.stamp.nanosec = divmod(stamp, 10 ** 9)
        self._sent[stamp] = time.perf_counter()
        self._publisher.publish(message)

    def _hear(self, message: Classification) -> None:
        stamp = message.header.stamp.sec * 10 ** 9 + message.header.stamp.nanosec
        if stamp in self._sent:
            self.latencies.append(time.perf_counter() - self._sent.pop(stamp))

    def _spin_until(self, due: float) -> None:
        self._executor.spin_once(timeout_sec=0)
        while (left := due - time.monotonic()) > 0:
            self._executor.spin_once(timeout_sec=left)


@contextmanager
def localize(place_map: Path, model: Path, log: Path, namespace: str,
             *parameters: str) -> Iterator[subprocess.Popen]:
    """Run a localize node while the block runs; ``parameters`` as NAME:=VALUE."""
    given = [word for parameter in (f'map:={place_map}', f'model:={model}', *parameters)
             for word in ('-p', parameter)]
    with log.open('w', encoding='utf-8') as file, subprocess.Popen(
            [sys.executable, '-m', 'structvpr_ros.cli.localize', '--ros-args',
             '-r', f'__ns:={namespace}', *given], stdout=file, stderr=subprocess.STDOUT) as node:
        try:
            yield node
        finally:
            node.send_signal(signal.SIGINT)
            try:
                node.wait(20)
            except subprocess.TimeoutExpired:
                node.kill()


def end_to_end(place_map: Path, model: Path, output: Path, engine: str, seconds: float,
               profile: Optional[Path] = None) -> dict[str, Any]:
    """
    Start the node, wait for its first answer, then send at each rate and size in turn.

    :param engine: ``KIND PROVIDER PRECISION``, or ``auto auto auto``.
    :param profile: of Fast DDS, for camera and node; None: as it comes.
    :return: ``start`` (seconds to the first answer, megabytes then and at the end) and, by rate
        and size, latencies.
    :raises TimeoutError: the node does not answer.
    """
    # Fast DDS reads its profile once a process: the camera needs one of its own.
    with ProcessPoolExecutor(1, get_context('spawn')) as pool:
        return pool.submit(_measure, place_map, model, output, engine, seconds, profile).result()


def _measure(place_map: Path, model: Path, output: Path, engine: str, seconds: float,
             profile: Optional[Path]) -> dict[str, Any]:
    if profile is not None:
        for name in ('FASTDDS_DEFAULT_PROFILES_FILE', 'FASTRTPS_DEFAULT_PROFILES_FILE'):
            os.environ[name] = str(profile)
    rclpy.init(args=[])
    try:
        return _drive(place_map, model, output, engine, seconds)
    finally:
        rclpy.try_shutdown()


def _drive(place_map: Path, model: Path, output: Path, engine: str,
           seconds: float) -> dict[str, Any]:
    namespace = f'/structvpr_bench_{os.getpid()}'
    parameters = [f'{name}:={value}' for name, value in zip(
        ('engine', 'provider', 'precision'), engine.split(), strict=True)]
    # Of large images best effort loses most: one lost fragment is a lost image.
    parameters.append('reliability:=reliable')
    messages = {name: to_image(picture(*shape), Header()) for name, shape in SIZES.items()}
    node = Node('bench_camera', namespace=namespace)
    camera = Camera(node)
    began = time.monotonic()
    try:
        with localize(place_map, model, output / 'localize.log', namespace,
                      *parameters) as process:
            start = {'first_answer_s': camera.first_answer(messages['640x480']) - began,
                     'memory_mb': memory(process.pid)}
            rows = {f'{f"{rate:g} Hz" if rate else "saturated"} {name}':
                    camera.drive(message, rate, seconds)
                    for rate in tqdm(RATES, 'end to end', leave=False)
                    for name, message in messages.items()}
            start['memory_at_the_end_mb'] = memory(process.pid)
    finally:
        node.destroy_node()
    return {'start': start, 'rates': rows}


def memory(process: int) -> float:
    """Return the resident set of a process, MB."""
    pages = int(Path(f'/proc/{process}/statm').read_text().split()[1])
    return pages * os.sysconf('SC_PAGE_SIZE') / 1e6
