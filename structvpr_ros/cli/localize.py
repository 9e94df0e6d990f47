# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros localize``: the node; all its arguments are ROS arguments."""

import signal
from threading import Event


def main() -> None:
    """Run the node until SIGINT or SIGTERM, and exit."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # Only now: this import takes a second, in which a signal must not end in a traceback.
    from structvpr_ros.node.process import run
    raise SystemExit(run(stop))


if __name__ == '__main__':
    main()
