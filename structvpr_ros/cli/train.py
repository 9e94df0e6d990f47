# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros train``: stage one, the SEG teacher and the RGB student to be."""

from structvpr_ros.cli.command import run
from structvpr_ros.training.stage_one import train, TrainOptions


def main() -> None:
    """Train one branch or both, and exit."""
    raise SystemExit(run('train', train, TrainOptions))


if __name__ == '__main__':
    main()
