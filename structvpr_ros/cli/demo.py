# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros demo``: the whole way on a rendered town."""

from structvpr_ros.cli.command import run


def main() -> None:
    """Print the report, and exit."""
    # Only here: the processes that render import this file anew, and need no PyTorch.
    from structvpr_ros.demo.demonstration import demonstrate, DemoOptions
    raise SystemExit(run('demo', demonstrate, DemoOptions, tell=str))


if __name__ == '__main__':
    main()
