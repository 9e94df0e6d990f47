# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure whether calibrated thresholds hold for a drive that the map has never seen.

Each condition of a rendered town is left out in turn. A map of test_query in the others is
calibrated, then asked for test_query in this one, and for val_query and train, streets that it
lacks. Run as ``python tools/check_calibration.py TOWN --model BUNDLE --json scores.json``; with
``--local_features xfeat`` it is the probability of re-ranked answers that must hold.
"""

from argparse import ArgumentParser
from functools import partial
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
from tqdm import tqdm

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.evaluation.calibrate import calibrate_map, CalibrateOptions
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.matching.decision import default_decision
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.matching.second_stage import open_second_stage
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.extracting import extracted
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map


def main() -> None:
    """Print a line per condition and one of all; outside streets count as much as the others."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('town', type=Path)
    parser.add_argument('--model', type=Path, default=SHIPPED_STUDENT)
    parser.add_argument('--precision', type=float, default=0.99)
    parser.add_argument('--local_features', choices=get_args(FeatureKind))
    parser.add_argument('--json', type=Path)
    options = parser.parse_args()
    table = read_place_dataset(options.town)
    engine = create_engine(options.model, 'onnx')
    loads = [partial(read_image, table.image_path(row)) for row in range(len(table))]
    with tqdm(desc='describe', total=len(table)) as progress:
        descriptors = []
        for images in image_batches(loads, engine.card.input_size, 8):
            descriptors.append(engine.describe(images))
            progress.update(len(images))
    rows = [_measure(table, np.concatenate(descriptors), condition, options)
            for condition in dict.fromkeys(table.conditions)]
    rows.append({name: 'all' if name == 'condition' else sum(row[name] for row in rows)
                 for name in rows[0]})
    for row in rows:
        wrong_outside = row['outside_answered'] * row['asked'] / row['outside']
        answered = row['answered'] + wrong_outside
        row['precision'] = row['right'] / answered if answered else None
        row['recall'] = row['right'] / row['asked']
        print(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding='utf-8')


def _measure(table, descriptors, condition, options) -> dict:
    conditions, splits = np.array(table.conditions), np.array(table.splits)
    stored = np.flatnonzero((splits == 'test_query') & (conditions != condition))
    asked = np.flatnonzero((splits == 'test_query') & (conditions == condition))
    outside = np.flatnonzero(np.isin(splits, ('val_query', 'train')) & (conditions == condition))
    positives = relate(table.take(asked), table.take(stored), Proximity()).positives
    images = TableImages(table.take(stored))
    with TemporaryDirectory() as folder:
        output = Path(folder, 'map')
        with extracted(images, options.local_features, 384, output) as features:
            write_map(output, MapContent(images.entries, descriptors[stored], 'f' * 64, 'map',
                                         features=features))
        calibrate_map(CalibrateOptions(output, precision=options.precision))
        place_map = PlaceMap.open(output)
    stage = open_second_stage(place_map)
    decision = default_decision(place_map.calibration, False, stage is not None)

    def answers(queries) -> list:
        # Of each image the row of its best frame, or -1 where it is not localized.
        ranked = [rank_places(place_map, descriptors[query], 10) for query in queries]
        if stage:
            ranked = [stage.judge(read_image(table.image_path(query)), candidates).candidates
                      for query, candidates in zip(queries, ranked)]
        return [found[0].frame.row if decision.accepts(found) else -1 for found in ranked]

    found = answers(asked)
    return {'condition': condition, 'asked': len(asked),
            'answered': sum(row >= 0 for row in found),
            'right': sum(row in near for row, near in zip(found, positives)),
            'outside': len(outside), 'outside_answered': sum(row >= 0 for row in answers(outside))}


if __name__ == '__main__':
    main()
