# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What an evaluation found, in memory and as JSON."""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
from typing import Any, Union

from structvpr_ros.evaluation.answers import Answers
from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.knowledge import Knowledge
from structvpr_ros.evaluation.outcomes import judge, Outcomes
from structvpr_ros.evaluation.recall import RECALL_AT
from structvpr_ros.evaluation.reranked import RerankedSystem
from structvpr_ros.evaluation.score import Score, score
from structvpr_ros.evaluation.systems import System
from structvpr_ros.evaluation.trial import Trial
from structvpr_ros.storage import replacing_file


@dataclass(frozen=True)
class Result:
    """
    What one system answered, and how good that is.

    :param name: of the system.
    :param descriptor_size: D.
    :param search_time: seconds from a query's descriptor to its answer, median.
    :param scores: a row per condition.
    """

    name: str
    descriptor_size: int
    search_time: float
    answers: Answers
    outcomes: Outcomes
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Evaluation:
    """
    All that an evaluation found.

    :param results: one of each system.
    :param knowledge: one of each teacher with each student among the systems.
    """

    trial: Trial
    results: tuple[Result, ...]
    knowledge: tuple[Knowledge, ...]
    bootstrap: Bootstrap

    @property
    def scores(self) -> list[Score]:
        """Return the scores of all systems, system by system."""
        return [row for result in self.results for row in result.scores]


def judge_system(system: Union[System, RerankedSystem], trial: Trial,
                 bootstrap: Bootstrap) -> Result:
    """
    Let a system answer, and score it.

    :raises DatasetError: no query has a positive in the database.
    """
    answers = system.answer(max(RECALL_AT))
    outcomes = judge(answers, trial.relations.positives)
    return Result(
        system.name, system.descriptor_size, system.search_time(), answers, outcomes,
        tuple(score(system.name, outcomes, trial.queries.conditions, bootstrap)))


def write_json(path: Path, evaluation: Evaluation) -> None:
    """Write the numbers of an evaluation; times in seconds, shares and measures in 0..1."""
    with replacing_file(path) as aside:
        aside.write_text(json.dumps(_plain(evaluation), indent=1), encoding='utf-8')


def _plain(evaluation: Evaluation) -> dict[str, Any]:
    trial = evaluation.trial
    return {
        'dataset': trial.queries.root.name,
        'queries': len(trial.queries),
        'database': len(trial.database),
        'proximity': asdict(trial.proximity),
        'bootstrap': asdict(evaluation.bootstrap),
        'systems': [{'name': result.name, 'descriptor_size': result.descriptor_size,
                     'search_time': result.search_time} for result in evaluation.results],
        'scores': [asdict(row) for row in evaluation.scores],
        'knowledge': [asdict(row) for row in evaluation.knowledge],
    }
