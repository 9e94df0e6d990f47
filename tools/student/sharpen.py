# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Let the images that a student sees decide more clearly between what there is and where it stands.

    python3 tools/student/sharpen.py BUNDLE

Of a share s of the layout becomes s^2 / (s^2 + (1 - s)^2), but for the least share of both. The
two images of a pair that is trained on are nearer to each other than what a robot sees on another
day is to its map: often both parts recognize them, and nothing asks for a clear decision. What was
exported from the bundle is removed.
"""

from pathlib import Path
import sys

import torch

from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard


@torch.no_grad()
def main(bundle: Path) -> None:
    """Write the bundle anew."""
    branch = load_branch(bundle)
    for parameter in branch.aggregator.layout_share.logit.parameters():
        parameter.mul_(2)
    save_bundle(bundle, branch, ModelCard.load(bundle))


if __name__ == '__main__':
    main(Path(sys.argv[1]))
