# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros localize``: the node; all its arguments are ROS arguments."""

import signal
import sys
from threading import Event


def main() -> None:
    """Run the node until SIGINT or SIGTERM, and exit."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    # Only now: these imports take a second, in which a signal must not end in a traceback.
    from structvpr_ros.node.process import MISTAKE, run
    from structvpr_ros.node.usage import own_arguments, usage
    arguments = own_arguments(sys.argv[1:])
    if not {'-h', '--help'}.isdisjoint(arguments):
        print(usage())
        raise SystemExit(0)
    if arguments:
        print(f'localize: error: expected ROS arguments alone, found {arguments[0]}: see --help',
              file=sys.stderr)
        raise SystemExit(MISTAKE)
    raise SystemExit(run(stop))


if __name__ == '__main__':
    main()
