# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The localize node as its own process, and a camera that drives past it, as another."""

from contextlib import contextmanager
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import Iterator

from structvpr_ros.demo.failure import DemoError

_STOP_WITHIN = 20.0  # seconds


@contextmanager
def localize_node(place_map: Path, model: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """
    Run the localize node while the block runs; its output goes to ``log``.

    :return: the node's process; the node is in ``namespace()``.
    :raises DemoError: it ended before it was told to, or did not end well.
    """
    command = [sys.executable, '-m', 'structvpr_ros.cli.localize', *_ros_arguments(),
               '-p', f'map:={place_map}', '-p', f'model:={model}',
               # The Localizer's, with whose answers those of the node are compared; some
               # processors are best at bfloat16.
               '-p', 'precision:=float32',
               # What was lost on its way comes again, behind images that came at once.
               '-p', 'reliability:=reliable', '-p', 'depth:=5']
    with log.open('w', encoding='utf-8') as file, subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, env=_environment()) as node:
        try:
            yield node
        finally:
            early = node.poll()
            node.send_signal(signal.SIGINT)
            try:
                code = node.wait(_STOP_WITHIN)
            except subprocess.TimeoutExpired:
                node.kill()
                raise DemoError(
                    f'the node did not stop within {_STOP_WITHIN:g} s; see {log}') from None
    if early is not None or code != 0:
        raise DemoError(f'the node ended {"early " if early is not None else ""}'
                        f'with code {code}; see {log}')


def drive(dataset: Path, split: str, rate: float, answers: Path) -> None:
    """
    Publish the images of a split as a camera does, and write the node's answers to a CSV file.

    :param rate: images per second.
    :raises DemoError: the camera failed.
    """
    command = [sys.executable, '-m', 'structvpr_ros.cli.replay', '--dataset', str(dataset),
               '--split', split, '--rate', str(rate), '--output', str(answers),
               *_ros_arguments()]
    code = subprocess.run(command, env=_environment()).returncode
    if code:
        raise DemoError(f'the camera ended with code {code}')


def namespace() -> str:
    """Return a namespace of our own: a robot that happens to be near must not hear a town."""
    return f'/structvpr_demo_{os.getpid()}'


def _ros_arguments() -> list[str]:
    return ['--ros-args', '-r', f'__ns:={namespace()}']


def _environment() -> dict[str, str]:
    return {**os.environ, 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}
