# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The ablation of the poster: distil each group of pairs, over several seeds, and compare."""

import logging
from pathlib import Path

import yaml

from structvpr_ros.ablation.figure import write_figure
from structvpr_ros.ablation.findings import Findings, SeedFindings
from structvpr_ros.ablation.hard import hard_recall
from structvpr_ros.ablation.options import AblationOptions
from structvpr_ros.ablation.setting import Setting
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
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
    folder = options.output / f'seed_{seed}'
    teacher = _train(options, seed, folder, 'seg', options.teacher_epochs or options.epochs)
    student = _train(options, seed, folder, 'rgb', options.epochs)
    students = [_distill(options, seed, folder, setting) for setting in options.parsed_settings()]
    evaluation = evaluate(EvaluateOptions(
        dataset=options.dataset, layout=options.layout, models=[teacher, student, *students],
        map_split=options.map_split, query_split=options.query_split, slme=options.slme,
        proximity=options.proximity, cache=folder / 'descriptors'))
    known = set(evaluation.trial.database.conditions)
    recalls = {result.name: hard_recall(result.scores, known) for result in evaluation.results}
    summary = yaml.safe_load((students[0] / SUMMARY).read_text(encoding='utf-8'))
    return SeedFindings(seed, recalls, summary['shares'], list(evaluation.scores))


def _train(options: AblationOptions, seed: int, folder: Path, branch: str, epochs: int) -> Path:
    common = {**options.of_one_training(seed, folder), 'epochs': epochs}
    [bundle] = train(TrainOptions(
        branch=branch, backbone=options.backbone, aggregator=options.aggregator,
        weights=options.weights, input_size=options.input_size, **common))
    return bundle


def _distill(options: AblationOptions, seed: int, folder: Path, setting: Setting) -> Path:
    _logger.info('distilling %s', setting.name)
    return distill(DistillOptions(
        teacher=folder / 'seg', student=folder / 'rgb', group=setting.group,
        **setting.changes, **options.of_one_training(seed, folder / setting.name)))
