# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Fit a small segmentation network to the label maps that a place data set has in fair weather.

    python3 tools/ablation/fit_segmenter.py DATASET MODEL CONDITION...

Rendered label maps are right in any weather; a robot's come from a network that errs at night and
in snow. MODEL becomes such a network, for the stage segment: a TorchScript file that takes images
as that stage normalises them by default, and gives logits of the Cityscapes training classes. It
is a linear classifier of what an EfficientNet-Lite0 that knows ImageNet alone sees at each point,
fitted to the training images of the conditions that are named.
"""

from pathlib import Path
import sys

import cv2
import numpy as np
import torch
from torch import nn, Tensor
from torch.nn import functional
from tqdm import tqdm

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, read_label_map
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.models.backbones import backbone_kind
from structvpr_ros.models.branch import Branch
from structvpr_ros.segmentation.segment import SegmentOptions

BACKBONE = 'efficientnet_lite0'
TAPS = 2  # of strides 8 and 16: the third is too coarse for poles
CLASSES = 19
IGNORED = 255
STEPS, IMAGES_PER_STEP = 400, 8


class Segmenter(nn.Module):
    """Label points from the feature maps of a frozen backbone."""

    def __init__(self, weights: str = 'imagenet') -> None:
        super().__init__()
        self._backbone = Branch(BACKBONE, 'gem', 3, weights).backbone.requires_grad_(False)
        self._backbone.keep_taps(range(TAPS))
        kind = backbone_kind(BACKBONE)
        # From how segment normalises to how the backbone was trained.
        scale = np.array(SegmentOptions.std) / kind.std
        shift = (np.array(SegmentOptions.mean) - kind.mean) / kind.std
        for name, values in (('_scale', scale), ('_shift', shift)):
            self.register_buffer(name, torch.from_numpy(values).float()[:, None, None])
        channels = sum(self._backbone.tap_channels)
        self.classify = nn.Sequential(
            nn.BatchNorm2d(channels, affine=False), nn.Conv2d(channels, CLASSES, 1))

    def features(self, images: Tensor) -> Tensor:
        """Turn images as segment normalises them, (N, 3, H, W), into (N, C, H / 8, W / 8)."""
        fine, *coarse = self._backbone(images * self._scale + self._shift)
        return torch.cat([fine, *(functional.interpolate(
            tap, fine.shape[-2:], mode='bilinear') for tap in coarse)], dim=1)

    def forward(self, images: Tensor) -> Tensor:
        """Turn images as segment normalises them, (N, 3, H, W), into logits, (N, K, h, w)."""
        return self.classify(self.features(images))


def fit(segmenter: Segmenter, table: PlaceTable, steps: int = STEPS, seed: int = 0) -> None:
    """Fit the classifier to the label maps of all rows, by cross entropy."""
    segmenter.eval()
    with torch.no_grad():
        features = torch.cat([segmenter.features(_image(table, row))
                              for row in tqdm(range(len(table)), 'seeing', unit='image')])
    labels = torch.stack([_labels(table, row, features.shape[-2:]) for row in range(len(table))])
    segmenter.classify.train()
    optimizer = torch.optim.Adam(segmenter.classify.parameters(), 1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    rng = np.random.default_rng(seed)
    for _ in tqdm(range(steps), 'fitting', unit='step'):
        rows = rng.integers(len(table), size=IMAGES_PER_STEP)
        loss = functional.cross_entropy(
            segmenter.classify(features[rows]), labels[rows], ignore_index=IGNORED)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    segmenter.eval()


def _image(table: PlaceTable, row: int) -> Tensor:
    image = read_image(table.image_path(row)).astype(np.float32) / 255
    normalised = (image - SegmentOptions.mean) / SegmentOptions.std
    return torch.from_numpy(normalised).float().permute(2, 0, 1)[None]


def _labels(table: PlaceTable, row: int, size: tuple[int, int]) -> Tensor:
    labels = read_label_map(table.label_path(row))
    small = cv2.resize(labels, size[::-1], interpolation=cv2.INTER_NEAREST_EXACT)
    return torch.from_numpy(small).long()


def agreement(segmenter: Segmenter, table: PlaceTable) -> dict[str, float]:
    """Return the share of points, 0..1, that get their true class, by condition."""
    found: dict[str, list[float]] = {}
    for row in tqdm(range(len(table)), 'checking', unit='image'):
        with torch.no_grad():
            best = segmenter(_image(table, row))[0].argmax(dim=0)
        labels = _labels(table, row, best.shape)
        right = (best == labels)[labels != IGNORED]
        found.setdefault(table.conditions[row], []).append(float(right.float().mean()))
    return {condition: float(np.mean(shares)) for condition, shares in found.items()}


def save(segmenter: Segmenter, model: Path, table: PlaceTable) -> None:
    """Write a TorchScript file that takes images of any size."""
    torch.jit.trace(segmenter.eval(), _image(table, 0)).save(str(model))


def main(dataset: Path, model: Path, conditions: list[str]) -> None:
    """Fit, write the file, and say how often it is right in each condition."""
    torch.manual_seed(0)
    table = read_place_dataset(dataset)
    rows = table.select('train')
    segmenter = Segmenter()
    fit(segmenter, rows.take(np.flatnonzero(np.isin(rows.conditions, conditions))))
    save(segmenter, model, table)
    for condition, share in agreement(segmenter, table.select('val_query')).items():
        print(f'{condition}: {share:.1%} of the points get their true class')


if __name__ == '__main__':
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
