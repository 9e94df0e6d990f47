# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration, from a seed to the table of results."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.data.town.dataset import render_town, RenderOptions
from structvpr_ros.demo.answers import check_against_localizer, read_answers, right_answers
from structvpr_ros.demo.failure import DemoError
from structvpr_ros.demo.live import drive, localize_node
from structvpr_ros.demo.report import format_report, live_result, write_report, write_sheet
from structvpr_ros.demo.stages import Stages
from structvpr_ros.evaluation.evaluate import evaluate, EvaluateOptions
from structvpr_ros.evaluation.score import Score
from structvpr_ros.inference.export import export, ExportOptions
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.segmentation.encode import encode, EncodeOptions
from structvpr_ros.training.pair_partition import SUMMARY
from structvpr_ros.training.stage_one import train, TrainOptions
from structvpr_ros.training.stage_two import distill, DistillOptions

# Short trainings, to fit the time. The first blocks stay as ImageNet left them, which spares a
# third of a step.
_RECIPE = {'tuples': 300, 'frozen_blocks': 3}
_RATE = 15.0  # images per second, of the camera that drives through the town
# A camera's best effort may lose an image, and the node drops what it cannot keep up with.
_LEAST_ANSWERED = 0.9


@dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """
    What the demonstration does; the defaults fit eight minutes on two cores.

    :param output: folder for all that is made; what is there already is used again.
    :param seed: of the town and of the training.
    :param train_places: places that are trained on, each seen in every condition.
    :param val_places: places of other streets, by which the best epoch is chosen.
    :param test_places: places of yet other streets, that the robot drives through.
    :param input_size: height and width of the networks' input, pixels.
    :param epochs: of each of the three trainings.
    """

    output: Path = Path('demo_output')
    seed: int = 0
    train_places: int = 120
    val_places: int = 30
    test_places: int = 60
    input_size: tuple[int, int] = (120, 160)
    epochs: int = 2


def demonstrate(options: DemoOptions) -> str:
    """
    Show the whole way: render, encode, train, distil, export, build a map, localize live.

    :return: the report, as Markdown.
    :raises StructVPRError: a stage failed, too few images were answered, or the live node said
        something else than the Localizer does.
    """
    demonstration = _Demonstration(options)
    stages = Stages(8)
    with stages.stage('Rendering a town in eight conditions'):
        demonstration.render()
    with stages.stage('Encoding its label maps'):
        demonstration.encode()
    with stages.stage('Training the SEG teacher and the RGB student'):
        demonstration.train()
    with stages.stage('Distilling the teacher into the student'):
        demonstration.distill()
    with stages.stage('Evaluating baseline, teacher and distilled student'):
        demonstration.evaluate()
    with stages.stage('Exporting the student, building the map of the sunny streets'):
        demonstration.build_map()
    with stages.stage('Driving through the other conditions, the localize node listening'):
        demonstration.drive()
    with stages.stage('Comparing the live answers with the Localizer'):
        return demonstration.report()


class _Demonstration:
    """The stages, and the folders by which one hands over to the next."""

    def __init__(self, options: DemoOptions) -> None:
        self._options = options
        output = options.output
        self._town, self._training = output / 'town', output / 'training'
        self._teacher, self._baseline = self._training / 'seg', self._training / 'rgb'
        self._student, self._map = output / 'student', output / 'map'
        self._scores: list[Score] = []

    def render(self) -> None:
        render_town(RenderOptions(
            output=self._town, seed=self._options.seed,
            train_places=self._options.train_places, val_places=self._options.val_places,
            test_places=self._options.test_places))

    def encode(self) -> None:
        encode(EncodeOptions(self._town, 'cityscapes_train_id', size=self._options.input_size))

    def train(self) -> None:
        train(TrainOptions(
            dataset=self._town, output=self._training, input_size=self._options.input_size,
            epochs=self._options.epochs, seed=self._options.seed, **_RECIPE))

    def distill(self) -> None:
        distill(DistillOptions(
            dataset=self._town, output=self._student, teacher=self._teacher,
            student=self._baseline, epochs=self._options.epochs, seed=self._options.seed,
            **_RECIPE))

    def evaluate(self) -> None:
        self._scores = evaluate(EvaluateOptions(
            dataset=self._town, models=[self._baseline, self._teacher, self._student],
            output=self._options.output / 'evaluation')).scores

    def build_map(self) -> None:
        export(ExportOptions(self._student))
        build_map(BuildMapOptions(
            self._town, self._student, self._map, split=EvaluateOptions.map_split))

    def drive(self) -> None:
        with localize_node(self._map, self._student, self._options.output / 'localize.log'):
            drive(self._town, EvaluateOptions.query_split, _RATE, self._answers)

    def report(self) -> str:
        table = read_place_dataset(self._town)
        queries = table.select(EvaluateOptions.query_split)
        database = table.select(EvaluateOptions.map_split)
        answers = read_answers(self._answers)
        if len(answers) < _LEAST_ANSWERED * len(queries):
            raise DemoError(f'expected answers to {_LEAST_ANSWERED:.0%} of {len(queries)} images '
                            f'or more, found {len(answers)}')
        check_against_localizer(
            answers, table.root, Localizer.open(self._map, self._student))
        right = right_answers(answers, queries, database, Proximity())
        output = self._options.output
        result = self._scores, self._shares(), live_result(answers, right)
        write_sheet(output / 'matches.png', answers, right, queries, database)
        write_report(output / 'report.json', *result)
        return format_report(*result)

    @property
    def _answers(self) -> Path:
        return self._options.output / 'answers.csv'

    def _shares(self) -> dict[str, float]:
        summary = (self._student / SUMMARY).read_text(encoding='utf-8')
        return yaml.safe_load(summary)['shares']
