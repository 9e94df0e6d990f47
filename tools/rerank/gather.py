# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Every query of every set looked up by both stages, and what that takes."""

from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.evaluation.described import DescriptorCache
from structvpr_ros.evaluation.trial import Trial
from structvpr_ros.evaluation.verified import look, Verified
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.matching.second_stage import SecondStage
from structvpr_ros.models.card import ModelCard
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.extracting import extracted
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

# Frames to either side that are right, a metre each, as tools/results has it.
_WITHIN = {'corridor': 2.5, 'nordland_tiny': 2.5, 'ietower': 5.5}
# Frames beyond those that are right of which nobody says that they are wrong.
_BETWEEN = 8
_TIMED = 50


@dataclass(frozen=True)
class Looks:
    """
    What both stages make of the queries of a set.

    :param own: of the queries whose truth is known.
    :param without: of all queries, in a map that lacks what is near them.
    :param describing: seconds of the processor from image to ranked places.
    :param extracting: (Q,) such seconds for the features of a query.
    :param verifying: (Q,) such seconds for its candidates.
    """

    kind: str
    own: Verified
    without: Verified
    describing: float
    extracting: NDArray[np.float64]
    verifying: NDArray[np.float64]


def gather(options: Any, kind: str) -> dict[str, Looks]:
    """Return what is seen in each set, by the name of the set."""
    cache = DescriptorCache(options.output / 'descriptors', options.output / 'slme', 'onnx')
    looks = {}
    for name, within in _WITHIN.items():
        dataset = Path(options.sets) / name
        if dataset.is_dir():
            looks[name] = _look_at(options, kind, dataset, cache,
                                   Proximity(within, within + _BETWEEN))
    if options.town is not None:
        looks['town'] = _look_at(options, kind, Path(options.town), cache, Proximity())
    return looks


def _look_at(options: Any, kind: str, dataset: Path, cache: DescriptorCache,
             proximity: Proximity) -> Looks:
    table = read_place_dataset(dataset)
    trial = Trial.open(table.select('test_query'), table.select('test_map'), proximity)
    place_map = _map(options, kind, dataset, trial, cache)
    stage = SecondStage(place_map, options.candidates)
    similar = cache.describe(SHIPPED_STUDENT, trial.queries) @ place_map.descriptors().T
    own, without, extracting, verifying = [], [], [], []
    for query in tqdm(range(len(trial.queries)), f'{dataset.name}, {kind}', unit='query'):
        image = read_image(trial.queries.image_path(query))
        positive, near = (np.isin(np.arange(len(place_map)), rows[query]) for rows in (
            trial.relations.positives, trial.relations.excluded))
        started = time.process_time()
        features = stage.extract(image)
        found = time.process_time()
        seen = look(stage, place_map.frames, similar[query], features, positive,
                    bool(positive.any()))
        verifying.append(time.process_time() - found)
        extracting.append(found - started)
        if positive.any() or not near.any():
            own.append(seen)
        if not near.all():
            without.append(look(stage, place_map.frames,
                                np.where(near, -np.inf, similar[query]), features,
                                np.zeros_like(positive), False))
    return Looks(kind, Verified.of(own), Verified.of(without), _describing(place_map, trial),
                 np.array(extracting), np.array(verifying))


def _map(options: Any, kind: str, dataset: Path, trial: Trial,
         cache: DescriptorCache) -> PlaceMap:
    images = TableImages(trial.database)
    output = options.output / f'{dataset.name}_{kind}_{options.max_features}'
    if not output.is_dir():
        with extracted(images, kind, options.max_features, output) as features:
            write_map(output, MapContent(
                images.entries, cache.describe(SHIPPED_STUDENT, trial.database),
                ModelCard.load(SHIPPED_STUDENT).fingerprint, 'map', features=features))
    return PlaceMap.open(output)


def _describing(place_map: PlaceMap, trial: Trial) -> float:
    engine = create_engine(SHIPPED_STUDENT, 'onnx', threads=1)
    image = np.zeros((1, *engine.card.input_size, 3), np.uint8)
    seconds = []
    for _ in range(_TIMED):
        started = time.process_time()
        place_map.search(engine.describe(image), min(40, len(place_map)))
        seconds.append(time.process_time() - started)
    return float(np.median(seconds))
