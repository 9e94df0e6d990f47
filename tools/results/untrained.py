# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The bar that a student must clear: ImageNet features, pooled by GeM, no training at all."""

from pathlib import Path

from structvpr_ros.inference.export import export, ExportOptions
from structvpr_ros.models.backbones import backbone_kind
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import save_bundle
from structvpr_ros.models.card import ModelCard

_BACKBONE, _AGGREGATOR, _SIZE = 'efficientnet_lite0', 'gem', (240, 320)


def write_untrained(folder: Path) -> Path:
    """Write the bundle of the untrained network, exported, and return its folder."""
    kind = backbone_kind(_BACKBONE)
    branch = Branch(_BACKBONE, _AGGREGATOR, 3, 'imagenet')
    save_bundle(folder, branch, ModelCard(
        branch='rgb', backbone=_BACKBONE, aggregator=_AGGREGATOR, channels=3, input_size=_SIZE,
        descriptor_size=branch.descriptor_size, mean=kind.mean, std=kind.std))
    export(ExportOptions(folder))
    return folder
