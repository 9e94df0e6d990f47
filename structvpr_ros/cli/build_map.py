# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``ros2 run structvpr_ros build_map``."""

from structvpr_ros.cli.command import run
from structvpr_ros.place_map.build import build_map, BuildMapOptions


def main() -> None:
    """Build a place map from a place data set."""
    raise SystemExit(run('build_map', build_map, BuildMapOptions))


if __name__ == '__main__':
    main()
