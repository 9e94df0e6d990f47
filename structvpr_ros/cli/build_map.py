# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``ros2 run structvpr_ros build_map``."""

from dataclasses import dataclass
from pathlib import Path

from structvpr_ros.cli.command import run
from structvpr_ros.place_map.build import build_map, BuildMapOptions, preview_map


@dataclass(frozen=True)
class Flags(BuildMapOptions):
    """
    What a map is built from, and whether it is built at all.

    :param dry_run: only tell what bags hold, and what of it a map would take.
    """

    dry_run: bool = False


def build(flags: Flags) -> Path | str:
    """
    Build a place map from a place data set or from bags.

    A build that was stopped goes on where it was when it is started again.
    """
    return preview_map(flags) if flags.dry_run else build_map(flags)


def main() -> None:
    """Build a place map from a place data set or from bags."""
    raise SystemExit(run('build_map', build, Flags, tell=str))


if __name__ == '__main__':
    main()
