# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Show the localize node the images of a place data set, and write down its answers."""

from contextlib import contextmanager
import csv
from dataclasses import dataclass
import logging
from pathlib import Path
import signal
from threading import Event
import time
from typing import Iterator, Literal, Optional, Sequence

import numpy as np
import rclpy
from rclpy.context import Context
from rclpy.signals import SignalHandlerOptions
from rclpy.utilities import remove_ros_args
from tqdm import tqdm

from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.node.camera import Answer, Camera
from structvpr_ros.storage import replacing_file

ATTEMPTS = 3  # of an image in lock-step: a camera's best effort may lose one


@dataclass(frozen=True)
class ReplayOptions:
    """
    What to show, and how.

    :param dataset: folder of the place data set; images come in the order of its table.
    :param output: CSV file of the answers.
    :param split: only images of this split; by default of all.
    :param condition: only images of this condition; by default of all.
    :param transport: how images travel; the node's ``image_transport`` must be the same.
    :param rate: images per second; 0 sends the next image when the last one is answered.
    :param patience: seconds to wait for an answer.
    :param discovery: seconds to wait for a localize node.
    :param layout: of the data set; auto recognises it.
    """

    dataset: Path
    output: Path = Path('answers.csv')
    split: Optional[str] = None
    condition: Optional[str] = None
    transport: Literal['raw', 'compressed'] = 'raw'
    rate: float = 0.0
    patience: float = 5.0
    discovery: float = 30.0
    layout: LayoutName = 'auto'

    def __post_init__(self) -> None:
        for name, low in (('rate', 0.0), ('patience', 1e-3), ('discovery', 1e-3)):
            value = getattr(self, name)
            if not low <= value < float('inf'):
                raise ConfigurationError(f'expected {name} of at least {low}, found {value}')


@dataclass(frozen=True)
class Replay:
    """
    The answers to a data set.

    :param table: the images sent, one a row.
    :param answers: by row; a row without one got none.
    """

    table: PlaceTable
    answers: dict[int, Answer]

    def summary(self) -> str:
        """Return one line: images, answers, how many localized, and latencies."""
        localized = sum(bool(answer.places) for answer in self.answers.values())
        line = (f'{len(self.table)} images sent, {len(self.answers)} answered, '
                f'{localized} localized')
        if self.answers:
            latencies = [1e3 * answer.latency for answer in self.answers.values()]
            p50, p99 = np.percentile(latencies, (50, 99))
            line += f', latency p50 {p50:.1f} ms, p99 {p99:.1f} ms'
        return line


def without_ros_arguments(arguments: Sequence[str]) -> list[str]:
    """Return what stands before ``--ros-args``; rclpy takes the rest from the process."""
    return remove_ros_args(arguments)


def replay(options: ReplayOptions) -> Replay:
    """
    Show a localize node images as a camera would, and write its answers to a CSV file.

    :raises DatasetError: there are no such images.
    :raises ConfigurationError: no localize node was found.
    """
    table = read_dataset(options.dataset, options.layout).select(
        options.split, options.condition)
    with _camera(options.transport) as camera:
        _meet(camera, table.image_path(0), options.discovery)
        show = _at_rate if options.rate else _in_lock_step
        result = Replay(table, show(camera, table, options))
    write_answers(options.output, result)
    logger = logging.getLogger(__name__)
    logger.info('%s: %s', options.output, result.summary())
    if not options.rate and len(result.answers) < len(table):
        logger.warning('images were lost on their way: large raw ones often are; try the '
                       'compressed transport, or the parameter reliability:=reliable of the node')
    return result


def write_answers(path: Path, replayed: Replay) -> None:
    """
    Write one row per image: image, stamp (s), latency_s, then place_1, score_1 and so on.

    ``latency_s`` is empty where no answer came, ``place_1`` where the robot was not localized.
    """
    depth = max((len(answer.places) for answer in replayed.answers.values()), default=0)
    ranks = [f'{name}_{rank}' for rank in range(1, depth + 1) for name in ('place', 'score')]
    with replacing_file(path) as aside, aside.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(['image', 'stamp', 'latency_s', *ranks])
        for row, image in enumerate(replayed.table.images):
            answer = replayed.answers.get(row)
            told = [] if answer is None else [
                f'{answer.stamp // 10**9}.{answer.stamp % 10**9:09d}', f'{answer.latency:.6f}',
                *(value for place in answer.places for value in place)]
            writer.writerow([image, *told, *[''] * (2 + len(ranks) - len(told))])


@contextmanager
def _camera(transport: str) -> Iterator[Camera]:
    with _interrupt_noted() as interrupted:
        # A context of its own, which leaves Ctrl-C to us.
        context = Context()
        rclpy.init(context=context, signal_handler_options=SignalHandlerOptions.NO)
        try:
            camera = Camera(transport, context, interrupted)
            try:
                yield camera
            finally:
                camera.close()
        finally:
            rclpy.shutdown(context=context)


@contextmanager
def _interrupt_noted() -> Iterator[Event]:
    # A KeyboardInterrupt that comes up inside rclpy may be swallowed there, and the command go on.
    interrupted = Event()
    before = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _meet(camera: Camera, path: Path, within: float) -> None:
    # Only an answer proves that each side has found the other and that the node is active.
    end = time.monotonic() + within
    while time.monotonic() < end:
        if camera.wait_until(camera.has_listener, end - time.monotonic()):
            camera.publish(path)
            if camera.wait_until(lambda: bool(camera.answers), 1.0):
                return
    raise ConfigurationError(
        f'expected a localize node that answers to {camera.topic} within {within:g} s, found '
        f'{"one that does not answer" if camera.has_listener() else "none"}: is it active, and '
        'do its namespace, image topic, image_transport and ROS_DOMAIN_ID agree with ours?')


def _in_lock_step(camera: Camera, table: PlaceTable, options: ReplayOptions) -> dict[int, Answer]:
    answers = {}
    for row in tqdm(range(len(table)), 'replay', unit='image'):
        answer = _ask(camera, table.image_path(row), options.patience)
        if answer is not None:
            answers[row] = answer
    return answers


def _ask(camera: Camera, path: Path, patience: float) -> Optional[Answer]:
    stamps: list[int] = []

    def heard() -> Optional[Answer]:
        return next((camera.answers[stamp] for stamp in stamps if stamp in camera.answers), None)

    while heard() is None and len(stamps) < ATTEMPTS:
        stamps.append(camera.publish(path))
        camera.wait_until(lambda: heard() is not None, patience)
    return heard()


def _at_rate(camera: Camera, table: PlaceTable, options: ReplayOptions) -> dict[int, Answer]:
    stamps = []
    start = time.monotonic()
    for row in tqdm(range(len(table)), 'replay', unit='image'):
        due = start + row / options.rate
        camera.wait_until(lambda: False, due - time.monotonic())
        stamps.append(camera.publish(table.image_path(row)))
    # The node drops what it cannot keep up with, but never the last image.
    camera.wait_until(lambda: stamps[-1] in camera.answers, options.patience)
    return {row: camera.answers[stamp] for row, stamp in enumerate(stamps)
            if stamp in camera.answers}
