# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""R@K of model bundles on a place data set, per condition of the queries."""

from dataclasses import asdict, dataclass, field
import json
import logging
from pathlib import Path
from typing import Optional

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation.score_table import Score, score
from structvpr_ros.inference.describe import describe_table
from structvpr_ros.storage import replacing_file

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions:
    """
    What is evaluated, and on what.

    :param dataset: folder of a place data set.
    :param models: folders of model bundles of either branch, each named after its folder.
    :param map_split: split of the images that are searched.
    :param query_split: split of the images that are looked up.
    :param slme: folder of the SLME cache, needed for bundles of the SEG branch; ``slme`` in the
        data set if not given.
    :param proximity: what counts as the same place.
    :param output: a JSON file for the scores; none is written if not given.
    """

    dataset: Path
    models: list[Path]
    map_split: str = 'test_map'
    query_split: str = 'test_query'
    slme: Optional[Path] = None
    proximity: Proximity = field(default_factory=Proximity)
    output: Optional[Path] = None

    def __post_init__(self) -> None:
        names = [Path(model).resolve().name for model in self.models]
        if not names or len(set(names)) < len(names):
            raise ConfigurationError(
                f'expected models in folders of different names, found {names or "none"}')


def evaluate(options: EvaluateOptions) -> list[Score]:
    """
    Score each model per condition of the queries, and over all of them.

    :raises StructVPRError: a bundle, the data set or the SLME cache is missing or bad, or no
        query has a positive in the map.
    """
    table = read_place_dataset(options.dataset)
    database, queries = table.select(options.map_split), table.select(options.query_split)
    slme = options.slme or Path(options.dataset) / 'slme'
    scores: list[Score] = []
    for model in map(Path, options.models):
        _logger.info('evaluating %s', model)
        scores += score(
            model.resolve().name, describe_table(model, queries, slme),
            describe_table(model, database, slme), queries, database, options.proximity)
    if options.output:
        write_scores(options.output, scores)
    return scores


def write_scores(path: Path, scores: list[Score]) -> None:
    """Write scores as JSON: a list of the fields of ``Score``."""
    with replacing_file(Path(path)) as aside:
        aside.write_text(json.dumps([asdict(row) for row in scores], indent=1), encoding='utf-8')
