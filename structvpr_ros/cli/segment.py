# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros segment``: images to label maps, by a segmentation model."""

from structvpr_ros.cli.command import run
from structvpr_ros.segmentation.segment import segment, SegmentOptions


def main() -> None:
    """Run the command and exit."""
    raise SystemExit(run('segment', segment, SegmentOptions))


if __name__ == '__main__':
    main()
