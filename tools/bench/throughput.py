# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(f) Many images: the way of build_map beside the engine alone, and SLME beside a step."""

from functools import partial
from pathlib import Path
from typing import Any

from in_turn import in_turn
import numpy as np
import torch
from world import picture

from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.resize import resize
from structvpr_ros.inference.engine import Engine
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.inputs import WeightedOneHot
from structvpr_ros.place_map.describing import BATCH_SIZE
from structvpr_ros.segmentation.groups import GROUPS

_IMAGES = 32
_STEP = 8  # images of a training step


def build_rate(engine: Engine, folder: Path, seconds: float) -> dict[str, Any]:
    """Return images per second of the engine alone and of files as build_map reads them."""
    size = engine.card.input_size
    paths = [folder / f'{number}.jpg' for number in range(_IMAGES)]
    for number, path in enumerate(paths):
        write_image(path, picture(480, 640, number))
    ready = np.stack([resize(read_image(path), size) for path in paths])

    def alone() -> None:
        for start in range(0, _IMAGES, BATCH_SIZE):
            engine.describe(ready[start:start + BATCH_SIZE])

    def from_files() -> None:
        for images in image_batches([partial(read_image, path) for path in paths], size,
                                    BATCH_SIZE):
            engine.describe(images)

    taken = in_turn({'alone': alone, 'files': from_files}, seconds, 'build_map')
    rates = {f'{name}_hz': _IMAGES / float(np.median(times)) for name, times in taken.items()}
    return {**rates, 'share': rates['files_hz'] / rates['alone_hz']}


def slme_share(size: tuple[int, int], seconds: float) -> dict[str, float]:
    """Return what weighting label maps on the fly takes of a training step of the SEG branch."""
    branch = Branch('mobilenet_v2', 'gem', len(GROUPS)).train()
    encode = WeightedOneHot([1.0] * len(GROUPS))
    groups = torch.randint(0, len(GROUPS) + 1, (_STEP, *size), dtype=torch.uint8)
    encoded = encode(groups)

    def step() -> None:
        branch(encoded).sum().backward()

    taken = in_turn({'slme': lambda: encode(groups), 'step': step}, seconds, 'SLME')
    slme, rest = (1e3 * float(np.median(taken[name])) for name in ('slme', 'step'))
    return {'slme_ms': slme, 'step_ms': slme + rest, 'share': slme / (slme + rest)}
