# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ablation of the poster: distil each group of pairs, over several seeds, and compare."""

from dataclasses import replace
import logging
from pathlib import Path
from typing import Any, Literal, Mapping

import yaml

from structvpr_ros.ablation.encoding import Encoding
from structvpr_ros.ablation.figure import write_figure
from structvpr_ros.ablation.findings import Findings, SeedFindings
from structvpr_ros.ablation.hard import hard_recall
from structvpr_ros.ablation.options import AblationOptions
from structvpr_ros.ablation.setting import Setting
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.score import Score
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.training.pair_partition import SUMMARY
from structvpr_ros.training.stage_one import train, TrainOptions
from structvpr_ros.training.stage_two import distill, DistillOptions

_logger = logging.getLogger(__name__)

JSON, PLOT = 'ablation.json', 'ablation.png'


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
    teachers = {encoding: _train_teacher(options, seed, folder, encoding, weights[encoding])
                for encoding in encodings}
    student = _train(options, 'rgb', options.of_one_training(seed, folder))
    students = [_distill(options, seed, folder, teachers[setting.encoding], setting)
                for setting in settings]
    scored = {encoding.teacher: _score(options, folder, encoding.teacher, bundle, encoding)
              for encoding, bundle in teachers.items()}
    scored |= {bundle.name: _score(options, folder, bundle.name, bundle)
               for bundle in (student, *students)}
    summary = yaml.safe_load((students[0] / SUMMARY).read_text(encoding='utf-8'))
    return SeedFindings(
        seed, {system: recall for system, (recall, _) in scored.items()}, summary['shares'],
        [row for _, rows in scored.values() for row in rows])


def _train_teacher(options: AblationOptions, seed: int, folder: Path, encoding: Encoding,
                   weights: dict[str, float]) -> Path:
    output = folder if encoding is Encoding.WEIGHTED else folder / encoding.value
    return _train(options, 'seg', {
        **options.of_one_training(seed, output, encoding), 'group_weights': weights,
        'epochs': options.teacher_epochs or options.epochs})


def _train(options: AblationOptions, branch: Literal['seg', 'rgb'],
           others: Mapping[str, Any]) -> Path:
    [bundle] = train(TrainOptions(
        branch=branch, backbone=options.backbone, aggregator=options.aggregator,
        weights=options.weights, input_size=options.input_size, **others))
    return bundle


def _distill(options: AblationOptions, seed: int, folder: Path, teacher: Path,
             setting: Setting) -> Path:
    _logger.info('distilling %s', setting.name)
    return distill(DistillOptions(
        teacher=teacher, student=folder / 'rgb', group=setting.group, **{
            **options.of_one_training(seed, folder / setting.name, setting.encoding),
            'learning_rate': options.distill_learning_rate or options.learning_rate,
            'rank_threshold': options.rank_threshold, 'strength': options.strength,
            **setting.changes}))


def _score(options: AblationOptions, folder: Path, system: str, bundle: Path,
           encoding: Encoding = Encoding.WEIGHTED) -> tuple[float, list[Score]]:
    evaluation = evaluate(EvaluateOptions(
        dataset=options.dataset, layout=options.layout, models=[bundle],
        map_split=options.map_split, query_split=options.query_split,
        slme=options.slme_of(encoding), proximity=options.proximity,
        cache=folder / 'descriptors'))
    known = set(evaluation.trial.database.conditions)
    # A bundle is named after its folder, as which all teachers are alike.
    scores = [replace(row, system=system) for row in evaluation.scores]
    return hard_recall(scores, known), scores
