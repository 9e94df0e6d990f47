# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros render_town``: a seed to a rendered town as a place data set."""

from structvpr_ros.cli.command import run
from structvpr_ros.data.town.dataset import render_town, RenderOptions


def main() -> None:
    """Run the command and exit."""
    raise SystemExit(run('render_town', render_town, RenderOptions))


if __name__ == '__main__':
    main()
