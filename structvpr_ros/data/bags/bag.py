# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
A bag of ROS 1 (.bag) or ROS 2 (sqlite3, MCAP), opened to read.

A bag from elsewhere is data: whatever goes wrong in reading one is the bag's fault, and told as
such.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Any, Iterator, Optional, Sequence

from rosbags.highlevel import AnyReader
from rosbags.typesys import get_typestore, Stores
from tqdm import tqdm

from structvpr_ros.data.bags.bounded import bound_readers
from structvpr_ros.data.bags.sqlite_reader import guard_sqlite
from structvpr_ros.errors import DatasetError, StructVPRError


@dataclass(frozen=True)
class Topic:
    """
    One topic of a bag.

    :param kind: the type, as ROS 2 writes it: ``sensor_msgs/msg/Image``.
    :param count: the number of its messages.
    """

    name: str
    kind: str
    count: int

    def __str__(self) -> str:
        return f'{self.name} ({self.kind}, {self.count})'


class Bag:
    """
    An open bag.

    :ivar path: where it lies.
    :ivar topics: what is in it, by name.
    """

    def __init__(self, path: Path, reader: AnyReader) -> None:
        """Take an open reader; ``open_bag`` makes one."""
        self.path = path
        self._reader = reader
        self.topics = sorted(
            (Topic(name, info.msgtype or 'several types', info.msgcount)
             for name, info in reader.topics.items()), key=lambda topic: topic.name)

    def messages(self, topics: Sequence[Topic], since: Optional[int] = None,
                 title: Optional[str] = None) -> Iterator[tuple[Topic, int, Any]]:
        """
        Yield topic, time of recording in nanoseconds and message, in the order of recording.

        :param since: nanoseconds; nothing that was recorded earlier.
        :param title: of a progress bar; None shows none.
        :raises DatasetError: the bag is cut off or corrupt from here on.
        """
        wanted = {topic.name: topic for topic in topics}
        connections = [connection for connection in self._reader.connections
                       if connection.topic in wanted]
        stored = self._reader.messages(connections, start=since) if connections else ()
        total = sum(topic.count for topic in topics)
        with _faults(self.path), tqdm(desc=title, total=total, disable=title is None,
                                      unit='message') as progress:
            for connection, recorded, raw in stored:
                progress.update()
                # SQLite holds anything in any column.
                if type(recorded) is not int or not 0 <= recorded < 2 ** 63:
                    raise DatasetError(f'{self.path}: expected times of recording in nanoseconds, '
                                       f'found {str(recorded)[:40]!r}')
                yield (wanted[connection.topic], recorded,
                       self._reader.deserialize(raw, connection.msgtype))


@contextmanager
def open_bag(path: Path) -> Iterator[Bag]:
    """
    Open a .bag, .mcap or .db3 file, or the folder of a ROS 2 bag.

    :raises DatasetError: there is none, or it is cut off, corrupt or of an unknown kind; or a
        file in its folder is a link, which may name any file of this machine.
    """
    if not path.exists():
        raise DatasetError(f'{path}: expected a bag, found no such file or folder')
    for file in bag_files(path):
        if path.is_dir() and file.is_symlink():
            raise DatasetError(f'{file}: expected a file of the bag, found a link')
    bound_readers()
    guard_sqlite()
    with _faults(path):
        # Bags of ROS 2 up to Humble do not say how messages are laid out.
        reader = AnyReader([path], default_typestore=get_typestore(Stores.ROS2_HUMBLE))
        reader.open()
    try:
        yield Bag(path, reader)
    finally:
        reader.close()


def bag_name(path: Path) -> str:
    """Name a bag after its file or folder: letters, digits and ``_.-``, no leading dot."""
    path = path.resolve()
    name = path.name if path.is_dir() else path.stem
    return re.sub(r'[^A-Za-z0-9_.-]', '_', name).lstrip('.') or 'bag'


def bag_files(path: Path) -> list[Path]:
    """Return the files that a bag consists of."""
    return sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]


def stamp_of(message: Any, recorded: int) -> int:
    """Return when a message was made, in nanoseconds; when it was recorded, if it does not say."""
    stamp = message.header.stamp
    return stamp.sec * 10 ** 9 + stamp.nanosec or recorded


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except StructVPRError:
        raise
    # The parsers of three formats and their decompressors fail in as many ways as there are to
    # damage a file.
    except Exception as error:
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise DatasetError(f'{path}: cannot be read as a bag: {reason[:300]}') from error
