# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros encode``: label maps to an SLME cache."""

from structvpr_ros.cli.command import run
from structvpr_ros.segmentation.encode import encode, EncodeOptions


def main() -> None:
    """Run the command and exit."""
    raise SystemExit(run('encode', encode, EncodeOptions))


if __name__ == '__main__':
    main()
