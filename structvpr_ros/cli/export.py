# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``ros2 run structvpr_ros export``."""

from structvpr_ros.cli.command import run
from structvpr_ros.inference.export import export, ExportOptions


def main() -> None:
    """Export a model bundle to ONNX."""
    raise SystemExit(run('export', export, ExportOptions))


if __name__ == '__main__':
    main()
