# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros demo``: the whole way on a rendered town."""

from structvpr_ros.cli.command import run
from structvpr_ros.demo.demonstration import demonstrate, DemoOptions


def main() -> None:
    """Print the report, and exit."""
    raise SystemExit(run('demo', demonstrate, DemoOptions, tell=str))


if __name__ == '__main__':
    main()
