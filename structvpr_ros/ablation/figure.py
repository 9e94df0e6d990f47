# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The plot of the ablation."""

from pathlib import Path

from matplotlib.figure import Figure

from structvpr_ros.ablation.findings import Findings
from structvpr_ros.storage import replacing_file


def write_figure(path: Path, findings: Findings) -> None:
    """Draw R@1 of each setting: its mean as a bar, each seed as a dot, the student as a line."""
    figure = Figure((1.5 + 0.7 * len(findings.settings), 3.6), layout='constrained')
    axes = figure.subplots()
    for column, setting in enumerate(findings.settings):
        recalls = findings.recalls(setting)
        axes.bar(column, recalls.mean(), color='#88ccee' if setting != 'weighted' else '#4477aa')
        axes.plot([column] * len(recalls), recalls, 'k.', markersize=4)
    for system, colour, label in (('seg', '#228833', 'SEG teacher'),
                                  ('rgb', '#ee6677', 'student before')):
        axes.axhline(findings.recalls(system).mean(), color=colour, linewidth=1, label=label)
    lowest = min(findings.recalls(name).min() for name in ('seg', 'rgb', *findings.settings))
    axes.set_ylim(max(0, lowest - 10), None)
    axes.set_xticks(range(len(findings.settings)), findings.settings, rotation=45, ha='right')
    axes.set_ylabel('R@1 in hard conditions, %')
    axes.legend(frameon=False, fontsize='small')
    with replacing_file(path) as aside:
        figure.savefig(aside, format='png', dpi=110)
