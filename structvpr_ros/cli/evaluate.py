# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros evaluate``: how good models, maps and peers are."""

from structvpr_ros.cli.command import run
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.score_table import format_evaluation


def main() -> None:
    """Print the scores as a table, and exit."""
    raise SystemExit(run('evaluate', evaluate, EvaluateOptions, tell=format_evaluation))


if __name__ == '__main__':
    main()
