# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros replay``: a camera of a data set's images; ROS arguments go last."""

import sys

from structvpr_ros.cli.command import run
from structvpr_ros.node.replay import replay, ReplayOptions, without_ros_arguments


def main() -> None:
    """Run the command and exit."""
    raise SystemExit(run('replay', replay, ReplayOptions, without_ros_arguments(sys.argv[1:])))


if __name__ == '__main__':
    main()
