# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Work on the newest item only: what a slow consumer cannot keep up with is dropped."""

from threading import Condition, Thread
from typing import Callable, Generic, Optional, TypeVar

Item = TypeVar('Item')


class NewestWorker(Generic[Item]):
    """
    A thread that handles the newest item offered; an older one that still waits is dropped.

    So the wait of an item is bounded by the time that one other takes, however slow ``handle``
    is and however fast items come, and whoever offers is never held up.
    """

    def __init__(self, handle: Callable[[Item], None]) -> None:
        """Start the thread; ``handle`` must not raise."""
        self._handle = handle
        self._changed = Condition()
        self._waiting: Optional[Item] = None
        self._stopped = False
        self._dropped = 0
        self._thread = Thread(target=self._work, name='newest_worker', daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Count the items that gave way to a newer one or to the end."""
        with self._changed:
            return self._dropped

    def offer(self, item: Item) -> None:
        """Hand over an item; returns at once."""
        with self._changed:
            self._dropped += self._stopped or self._waiting is not None
            self._waiting = None if self._stopped else item
            self._changed.notify()

    def stop(self) -> None:
        """Finish the item in hand, drop one that waits, and end the thread."""
        with self._changed:
            self._stopped = True
            self._dropped += self._waiting is not None
            self._waiting = None
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._waiting is not None)
                if self._stopped:
                    return
                item, self._waiting = self._waiting, None
            self._handle(item)
            del item  # it may be large, and the next one long in coming
