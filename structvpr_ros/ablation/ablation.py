# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ablation of the poster: distil each group of pairs, over several seeds, and compare."""

from dataclasses import replace
import logging
from pathlib import Path
from typing import Any, Literal, Mapping, Sequence

import yaml

from structvpr_ros.ablation.encoding import Encoding
from structvpr_ros.ablation.figure import write_figure
from structvpr_ros.ablation.findings import Findings, SeedFindings
from structvpr_ros.ablation.hard import hard_recall
from structvpr_ros.ablation.options import AblationOptions
from structvpr_ros.ablation.setting import Setting
from structvpr_ros.data.layouts import read_dataset
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.score import Score
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.training.pair_partition import SUMMARY
from structvpr_ros.training.stage_one import train, TrainOptions
from structvpr_ros.training.stage_two import distill, DistillOptions

_logger = logging.getLogger(__name__)

JSON, PLOT = 'ablation.json', 'ablation.png'
_DESCRIPTORS = 'descriptors'  # the folder of them in that of a seed


def ablate(options: AblationOptions) -> Findings:
    """
    Train teacher and student, distil under every setting, score; again for each seed.

    ``output`` gets a folder per seed with the bundles, ablation.json and ablation.png, both
    anew after each seed. The same command goes on where it was stopped.

    :raises StructVPRError: the data set, the SLME cache or the options do not fit.
    """
    found: list[SeedFindings] = []
    for number in range(options.seeds):
        _logger.info('seed %d, %d of %d', options.seed + number, number + 1, options.seeds)
        found.append(_ablate_once(options, options.seed + number))
        findings = Findings(tuple(options.settings), tuple(found))
        findings.write(options.output / JSON)
        write_figure(options.output / PLOT, findings)
    return findings


def _ablate_once(options: AblationOptions, seed: int) -> SeedFindings:
    folder, settings = options.output / f'seed_{seed}', options.parsed_settings()
    encodings = dict.fromkeys([Encoding.WEIGHTED, *(setting.encoding for setting in settings)])
    weights = {encoding: encoding.group_weights(SlmeCache.open(options.slme_of(encoding)))
               for encoding in encodings}
    # What a distillation cannot be told is better known before its teacher is trained.
    plans = [_plan(options, seed, folder, setting) for setting in settings]
    for encoding in encodings:
        _train_teacher(options, seed, folder, encoding, weights[encoding])
    _train(options, 'rgb', options.of_one_training(seed, folder))
    for plan in plans:
        _logger.info('distilling %s', plan.output.name)
        distill(plan)
    scores = [row for encoding in encodings for row in _score(options, folder, encoding, plans)]
    known = set(read_dataset(options.dataset, options.layout).select(options.map_split).conditions)
    systems = [*(encoding.teacher for encoding in encodings), 'rgb', *options.settings]
    recalls = {system: hard_recall([row for row in scores if row.system == system], known)
               for system in systems}
    summary = yaml.safe_load((plans[0].output / SUMMARY).read_text(encoding='utf-8'))
    return SeedFindings(seed, recalls, summary['shares'], scores)


def _teacher(folder: Path, encoding: Encoding) -> Path:
    """Return the bundle of the teacher of an encoding, in the folder of a seed."""
    return (folder if encoding is Encoding.WEIGHTED else folder / encoding.value) / 'seg'


def _plan(options: AblationOptions, seed: int, folder: Path, setting: Setting) -> DistillOptions:
    return DistillOptions(
        teacher=_teacher(folder, setting.encoding), student=folder / 'rgb', group=setting.group,
        **{**options.of_one_training(seed, folder / setting.name, setting.encoding),
           'epochs': options.distill_epochs or options.epochs,
           'learning_rate': options.distill_learning_rate or options.learning_rate,
           'rank_threshold': options.rank_threshold, 'strength': options.strength,
           'cache': folder / _DESCRIPTORS, **setting.changes})


def _train_teacher(options: AblationOptions, seed: int, folder: Path, encoding: Encoding,
                   weights: dict[str, float]) -> None:
    _train(options, 'seg', {
        **options.of_one_training(seed, _teacher(folder, encoding).parent, encoding),
        'group_weights': weights, 'epochs': options.teacher_epochs or options.epochs})


def _train(options: AblationOptions, branch: Literal['seg', 'rgb'],
           others: Mapping[str, Any]) -> None:
    train(TrainOptions(
        branch=branch, backbone=options.backbone, aggregator=options.aggregator,
        weights=options.weights, input_size=options.input_size, **others))


def _score(options: AblationOptions, folder: Path, encoding: Encoding,
           plans: Sequence[DistillOptions]) -> list[Score]:
    """Score the teacher of an encoding, and with that of the method all students."""
    bundles = [_teacher(folder, encoding)]
    if encoding is Encoding.WEIGHTED:
        bundles += [folder / 'rgb', *(plan.output for plan in plans)]
    evaluation = evaluate(EvaluateOptions(
        dataset=options.dataset, layout=options.layout, models=bundles,
        map_split=options.map_split, query_split=options.query_split,
        slme=options.slme_of(encoding), proximity=options.proximity,
        cache=folder / _DESCRIPTORS))
    # A bundle is named after its folder, as which all teachers are alike.
    return [replace(row, system=encoding.teacher) if row.system == 'seg' else row
            for row in evaluation.scores]
