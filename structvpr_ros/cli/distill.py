# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros distill``: stage two, what the teacher knows into the RGB student."""

from structvpr_ros.cli.command import run
from structvpr_ros.training.stage_two import distill, DistillOptions


def main() -> None:
    """Distil, and exit."""
    raise SystemExit(run('distill', distill, DistillOptions))


if __name__ == '__main__':
    main()
