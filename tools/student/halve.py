# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Keep the weights of a bundle as float16: half the size, and next to nothing lost.

    python3 tools/student/halve.py BUNDLE

They are turned back into float32 when the bundle is loaded. What was exported from it is removed.
"""

from pathlib import Path
import sys

from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard


def main(bundle: Path) -> None:
    """Write the bundle anew."""
    save_bundle(bundle, load_branch(bundle).half(), ModelCard.load(bundle))


if __name__ == '__main__':
    main(Path(sys.argv[1]))
