# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""``ros2 run structvpr_ros evaluate``: how good models, maps, peers and settings are."""

import sys

from structvpr_ros.ablation.ablation import ablate
from structvpr_ros.ablation.options import AblationOptions
from structvpr_ros.cli.command import run
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.score_table import format_evaluation


def main() -> None:
    """Print scores as a table, those of ``evaluate ablation`` over many trainings; exit."""
    if sys.argv[1:2] == ['ablation']:
        raise SystemExit(run('evaluate ablation', ablate, AblationOptions, sys.argv[2:], str))
    raise SystemExit(run('evaluate', evaluate, EvaluateOptions, tell=format_evaluation))


if __name__ == '__main__':
    main()
