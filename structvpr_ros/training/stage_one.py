# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Stage one: train the SEG branch (the teacher) and the RGB branch (the student to be)."""

from dataclasses import dataclass, field, replace
import logging
from pathlib import Path
from typing import Literal

import lightning

from structvpr_ros.data.layouts import read_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.describe import describing_network
from structvpr_ros.models.aggregators.registry import aggregator_kind
from structvpr_ros.models.backbones import backbone_kind
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import save_bundle
from structvpr_ros.models.card import ModelCard
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import DEFAULT_WEIGHTS
from structvpr_ros.training.fit import fit
from structvpr_ros.training.frozen_data import skip_frozen, VIEWS
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.processes import is_first
from structvpr_ros.training.start import start_aggregator
from structvpr_ros.training.training_data import open_training_data
from structvpr_ros.training.triplet_training import TripletTraining

_logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class TrainOptions(FitOptions):
    """
    What stage one can be told beside ``FitOptions``.

    :param branch: seg, rgb, or both, one after the other; each becomes a model bundle in a
        folder of that name in ``output``.
    :param backbone: mobilenet_v2 or efficientnet_lite0.
    :param aggregator: gem, or vlad_gem_cells or vlads_gem_cells, which also tell where things
        stand: how feature maps become a descriptor. Both branches need the same.
    :param weights: what the backbone starts from: imagenet, none, or a file.
    :param input_size: height and width of the networks' input, pixels.
    :param group_weights: of each group in the SEG branch's input.
    """

    branch: Literal['seg', 'rgb', 'both'] = 'both'
    backbone: str = 'efficientnet_lite0'
    aggregator: str = 'gem'
    weights: str = 'imagenet'
    input_size: tuple[int, int] = (240, 320)
    group_weights: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))

    def __post_init__(self) -> None:
        super().__post_init__()
        backbone_kind(self.backbone)
        aggregator_kind(self.aggregator)
        if min(self.input_size) < 32:
            raise ConfigurationError('expected input_size of at least 32 pixels each way, '
                                     f'found {self.input_size}')


def train(options: TrainOptions) -> list[Path]:
    """
    Train one branch or both, each to a model bundle.

    :return: the folders of the bundles.
    :raises StructVPRError: the data set, the SLME cache, the weights or the options do not fit.
    """
    table = read_dataset(options.dataset, options.layout)
    branches = ['seg', 'rgb'] if options.branch == 'both' else [options.branch]
    cards = [_plan(branch, options) for branch in branches]
    return [_train_branch(card, table, options) for card in cards]


def _plan(branch: str, options: TrainOptions) -> ModelCard:
    shared = {'backbone': options.backbone, 'aggregator': options.aggregator,
              'input_size': options.input_size, 'descriptor_size': 0}
    if branch == 'rgb':
        kind = backbone_kind(options.backbone)
        return ModelCard(branch='rgb', channels=3, mean=kind.mean, std=kind.std, **shared)
    groups = SlmeCache.open(options.slme).groups
    missing = set(groups) - set(options.group_weights)
    if missing:
        raise ConfigurationError(f'expected group_weights of {", ".join(groups)}, '
                                 f'found none of {", ".join(sorted(missing))}')
    return ModelCard(
        branch='seg', channels=len(groups), mean=(0.0,) * len(groups),
        std=(1.0,) * len(groups), groups=groups,
        weights=tuple(float(options.group_weights[group]) for group in groups), **shared)


def _train_branch(card: ModelCard, table: PlaceTable, options: TrainOptions) -> Path:
    if card.branch == 'seg':  # its stem is new, so that nothing behind it can stay as it is
        options = replace(options, frozen_blocks=0, frozen_views=0)
    folder = options.output / card.branch
    lightning.seed_everything(options.seed, verbose=False)
    branch = Branch(card.backbone, card.aggregator, card.channels, options.weights)
    data = open_training_data(card, table, options)
    _logger.info('training the %s branch on %d images', card.branch,
                 len(data.table))
    network = describing_network(card, branch)
    start_aggregator(network, data.samples, len(data.table), options.seed)
    network, data = skip_frozen(network, data, options, options.views or folder / VIEWS)
    # A SEG branch, whose input is its own, has yet to find its statistics.
    settled = card.branch == 'rgb' and options.weights != 'none'
    module = TripletTraining(network, branch, data, options, settled)
    fit(module, options, folder, {'table_sha256': table.digest()})
    if is_first():
        save_bundle(folder, branch, replace(
            card, descriptor_size=branch.descriptor_size, scores=module.scores,
            training={'stage': 'one', 'dataset': options.dataset.name, 'epochs': options.epochs,
                      'seed': options.seed, 'initial_weights': options.weights}))
        _logger.info('%s is the model bundle', folder)
    return folder
