# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Worker processes that photograph visits: they report every picture and stop when told to."""

from concurrent.futures import Future, ProcessPoolExecutor, wait
from multiprocessing import get_context, parent_process
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
import os
from pathlib import Path
import signal
from typing import Sequence

import cv2
from tqdm import tqdm

from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.town.camera import Camera
from structvpr_ros.data.town.drive import start_drive
from structvpr_ros.data.town.poses import Jitter
from structvpr_ros.data.town.visits import Visit

_POLL_SECONDS = 0.2


def photograph(visits: Sequence[Visit], root: Path, camera: Camera, jitter: Jitter,
               workers: int) -> int:
    """
    Write images/ and labels/ of visits where they are missing; return how many were.

    :param root: folder of the place data set.
    :param workers: processes; 0 takes one per core.
    """
    missing = [(visit, place) for visit in visits for place in range(visit.street.places)
               if not all(path.is_file() for path in _paths(root, visit, place))]
    # One task for what shares a built scene; the longest first, so that none is left at the end.
    tasks: dict[tuple[str, str], list[tuple[Visit, int]]] = {}
    for visit, place in missing:
        key = (visit.street.name, visit.condition.season)
        tasks.setdefault(key, []).append((visit, place))
    # Spawned, since a fork of a process with threads (torch, ROS) may hang.
    context = get_context('spawn')
    stop, done = context.Event(), context.Value('q', 0)
    pool = ProcessPoolExecutor(min(workers or os.cpu_count() or 1, len(tasks) or 1), context,
                               _start_worker, (stop, done))
    try:
        futures = [pool.submit(_photograph_task, task, root, camera, jitter)
                   for task in sorted(tasks.values(), key=len, reverse=True)]
        _watch(futures, done, len(missing))
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
    return len(missing)


def _watch(futures: list[Future], done: Synchronized, total: int) -> None:
    with tqdm(desc='render_town', total=total, unit='image') as bar:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, _POLL_SECONDS)
            bar.update(done.value - bar.n)
            for future in finished:
                future.result()


def _start_worker(stop: Event, done: Synchronized) -> None:
    """Leave Ctrl-C to the parent, which then sets ``stop``; and take one core, not all."""
    global _stop, _done
    _stop, _done = stop, done
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _photograph_task(task: list[tuple[Visit, int]], root: Path, camera: Camera,
                     jitter: Jitter) -> None:
    drive, driven = None, None
    for visit, place in task:
        if _stop.is_set() or not parent_process().is_alive():
            return
        if drive is None or visit != driven:
            drive = start_drive(visit.street, visit.condition, visit.number)
            driven = visit
        view = drive.view(place, camera, jitter)
        for path, image in zip(_paths(root, visit, place), (view.image, view.labels)):
            write_image(path, image)
        with _done.get_lock():
            _done.value += 1


def _paths(root: Path, visit: Visit, place: int) -> tuple[Path, Path]:
    stem = visit.stem(place)
    return root / 'images' / f'{stem}.jpg', root / 'labels' / f'{stem}.png'
