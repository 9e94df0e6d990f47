# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The live node's answers: read, compared with the Localizer offline, and scored."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Sequence

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.demo.failure import DemoError
from structvpr_ros.matching.localizer import Localizer

_SCORE_TOLERANCE = 1e-4


@dataclass(frozen=True)
class LiveAnswer:
    """
    What the node answered to one image of the data set.

    :param image: POSIX path of the image below the data set.
    :param latency: seconds from publishing the image to hearing the answer.
    :param places: place IDs and scores, best first.
    """

    image: str
    latency: float
    places: tuple[tuple[str, float], ...]


def read_answers(path: Path) -> list[LiveAnswer]:
    """Read what ``replay`` wrote; images without an answer are left out."""
    with path.open(newline='', encoding='utf-8') as file:
        return [_answer(row) for row in csv.DictReader(file) if row['latency_s']]


def check_against_localizer(answers: Sequence[LiveAnswer], root: Path,
                            localizer: Localizer) -> None:
    """
    Ask the Localizer itself about every answered image.

    :raises DemoError: it names other places than the node did, or other scores.
    """
    for answer in answers:
        recognition = localizer.recognize(read_image(root / answer.image), 0.0)
        expected = [(candidate.place, candidate.score) for candidate in recognition.candidates]
        same = len(expected) == len(answer.places) and all(
            place == other and abs(score - other_score) <= _SCORE_TOLERANCE
            for (place, score), (other, other_score) in zip(expected, answer.places))
        if not same:
            raise DemoError(f'{answer.image}: the Localizer says {expected}, the live node said '
                            f'{list(answer.places)}')


def right_answers(answers: Sequence[LiveAnswer], queries: PlaceTable, database: PlaceTable,
                  proximity: Proximity) -> dict[str, Optional[bool]]:
    """Return for each image whether its first place is right; None where it got no answer."""
    first = {answer.image: answer.places[0][0] if answer.places else None for answer in answers}
    right: dict[str, Optional[bool]] = {}
    for image, rows in zip(queries.images, relate(queries, database, proximity).positives):
        places = {database.places[row] for row in rows}
        right[image] = first[image] in places if image in first else None
    return right


def _answer(row: dict[str, str]) -> LiveAnswer:
    ranks = range(1, 1 + sum(name.startswith('place_') for name in row))
    places = tuple((row[f'place_{rank}'], float(row[f'score_{rank}']))
                   for rank in ranks if row[f'place_{rank}'])
    return LiveAnswer(row['image'], float(row['latency_s']), places)
