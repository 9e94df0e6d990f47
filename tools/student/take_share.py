# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Let a student take over how another network decides what the layout of an image counts.

    python3 tools/student/take_share.py STUDENT OTHER

Both share the frozen blocks that the decision looks at. It is made clearer, and a little more
rarely one for the layout: z, whose logistic function it is, becomes 2 (z - 0.25). The two images
of a pair that is trained on are nearer to each other than what a robot sees on another day is to
its map: often both parts recognize them, and nothing asks for a clear decision. What was exported
from the student is removed.
"""

from pathlib import Path
import sys

import torch

from structvpr_ros.models.aggregators.layout_share import PACE
from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard

CLEARER, RARER = 2.0, 0.25  # chosen by docs/student.md's measurements


@torch.no_grad()
def main(student: Path, other: Path) -> None:
    """Write the student anew."""
    branch, teacher = load_branch(student), load_branch(other)
    share = branch.aggregator.layout_share
    share.load_state_dict(teacher.aggregator.layout_share.state_dict())
    share.logit.weight.mul_(CLEARER)
    share.logit.bias.sub_(RARER / PACE).mul_(CLEARER)
    save_bundle(student, branch, ModelCard.load(student))


if __name__ == '__main__':
    main(*map(Path, sys.argv[1:]))
