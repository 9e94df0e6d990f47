# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Stage two: partition the training pairs, weigh them, distil the teacher into the student."""

from dataclasses import dataclass, replace
import logging
from pathlib import Path
from typing import Optional

import lightning
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.layouts import read_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.evaluation.described import DescriptorCache
from structvpr_ros.evaluation.partition import RANK_THRESHOLD
from structvpr_ros.inference.describe import describe_table, describing_network
from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.alignment import align, deviations, whiten
from structvpr_ros.training.distillation import Distillation
from structvpr_ros.training.fit import fit
from structvpr_ros.training.frozen_data import skip_frozen, VIEWS
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.pair_partition import PairPartition
from structvpr_ros.training.processes import is_first
from structvpr_ros.training.training_data import open_training_data
from structvpr_ros.training.weights import Group

_logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class DistillOptions(FitOptions):
    """
    What stage two can be told beside ``FitOptions``; ``output`` becomes the model bundle.

    :param teacher: bundle of the SEG branch.
    :param student: bundle of the RGB branch, which is trained on from.
    :param group: which pairs are distilled. ``weighted`` is the method; ``none`` fine-tunes
        without a teacher; ``control`` teaches the descriptors of other images, drawn at random,
        which knowledge has to beat; ``level`` and ``gain`` weigh by one factor of the method's
        weights; the others are the poster's ablation, unweighted.
    :param rank_threshold: N_t, the last rank that counts as right.
    :param strength: lambda, the factor of the distillation loss.
    :param cache: folder where the descriptors of the training images by teacher and student are
        kept, which distillations may share; ``descriptors`` in the output if not given.
    """

    teacher: Path
    student: Path
    group: Group = 'weighted'
    rank_threshold: int = RANK_THRESHOLD
    strength: float = 1.0
    cache: Optional[Path] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.teacher, self.student = Path(self.teacher), Path(self.student)
        if self.rank_threshold < 1 or not self.strength > 0:
            raise ConfigurationError(
                'expected rank_threshold of at least 1 and strength above 0, '
                f'found {self.rank_threshold} and {self.strength}')
        if self.output.resolve() in (self.teacher.resolve(), self.student.resolve()):
            raise ConfigurationError(f'expected another output than {self.output}, which holds '
                                     'a bundle to distil from or into')


def distill(options: DistillOptions) -> Path:
    """
    Fine-tune the RGB student with what the SEG teacher knows, to a model bundle.

    :return: the folder of the bundle; ``partition.yaml`` and ``partition.npz`` lie in it.
    :raises StructVPRError: bundles that do not fit each other, the data set or the cache.
    """
    teacher, card = load_pair(options.teacher, options.student)
    table = read_dataset(options.dataset, options.layout)
    data = open_training_data(card, table, options)
    branch = load_branch(options.student)
    knowledge, present = (_described(bundle, data.table, options)
                          for bundle in (options.teacher, options.student))
    knowledge = whiten(knowledge)
    network = describing_network(card, branch)
    partition = PairPartition.make(
        knowledge, present, data.table, data.relations, options.group, options.rank_threshold)
    if is_first():
        partition.save(options.output, data.table)
    _logger.info('%d query-positive pairs: %s', len(partition.pairs), ', '.join(
        f'{name.upper()} {share:.1%}' for name, share in partition.shares().items()))
    if options.group == 'control':
        knowledge = np.random.default_rng(options.seed).permutation(knowledge)
    lightning.seed_everything(options.seed, verbose=False)
    network, data = skip_frozen(network, data, options, options.views or options.output / VIEWS)
    origin = present.mean(axis=0)
    targets = align(knowledge, deviations(present, origin))
    module = Distillation(network, branch, data, options, targets, origin,
                          partition.row_weights(len(data.table)), options.strength)
    fit(module, options, options.output,
        {'table_sha256': table.digest(), 'teacher_fingerprint': teacher.fingerprint,
         'student_fingerprint': card.fingerprint})
    if is_first():
        save_bundle(options.output, branch, replace(card, scores=module.scores, training={
            'stage': 'two', 'dataset': options.dataset.name, 'group': options.group,
            'rank_threshold': options.rank_threshold, 'strength': options.strength,
            'epochs': options.epochs, 'seed': options.seed,
            'teacher': teacher.fingerprint, 'student': card.fingerprint}))
        _logger.info('%s is the model bundle', options.output)
    return options.output


def _described(bundle: Path, table: PlaceTable, options: DistillOptions) -> NDArray[np.float32]:
    # One process keeps them; the others of a training would find its files locked.
    if not is_first():
        return describe_table(bundle, table, options.slme)
    folder = options.cache or options.output / 'descriptors'
    return DescriptorCache(folder, options.slme, 'torch').describe(bundle, table)


def load_pair(teacher: Path, student: Path) -> tuple[ModelCard, ModelCard]:
    """
    Read the cards of teacher and student.

    :raises ModelError: the teacher is no SEG branch, the student no RGB branch, or their
        descriptors have other dimensions, so that they could not be compared.
    """
    cards = ModelCard.load(teacher), ModelCard.load(student)
    for folder, card, branch in zip((teacher, student), cards, ('seg', 'rgb')):
        if card.branch != branch:
            raise ModelError(f'{folder}: expected a bundle of the {branch} branch, '
                             f'found one of the {card.branch} branch')
    if cards[0].descriptor_size != cards[1].descriptor_size:
        raise ModelError(
            f'expected teacher and student of one descriptor size, found '
            f'{cards[0].descriptor_size} in {teacher} and {cards[1].descriptor_size} in {student}')
    return cards
