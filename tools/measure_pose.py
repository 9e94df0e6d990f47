# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure what local features do for the pose, in a rendered town, whose truth is exact.

    ros2 run structvpr_ros render_town --output town --jitter.yaw 0.3 --jitter.lateral 1.2
    python tools/measure_pose.py town --json pose.json

Each query of test_query is looked up in a map of test_map. Of those whose best place is within
10 m, the table has the errors of the pose before and after: median, and 90% are below.
"""

from argparse import ArgumentParser
from dataclasses import replace
import json
import math
from pathlib import Path
from tempfile import TemporaryDirectory
import time

import numpy as np
from tqdm import tqdm

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.town.camera import Camera
from structvpr_ros.data.town.dataset import DESCRIPTION
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.matching.pose import PoseEstimate, PoseEstimator
from structvpr_ros.matching.pose_refiner import PoseRefiner
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.yaml_file import read_yaml

_RIGHT = 10.0  # metres


def main() -> None:
    """Print a row per condition and one of all."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument('town', type=Path)
    parser.add_argument('--model', type=Path, default=SHIPPED_STUDENT)
    parser.add_argument('--local_features', default='xfeat')
    parser.add_argument('--json', type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        place_map = build_map(BuildMapOptions(
            options.town, options.model, Path(folder, 'map'), split='test_map', thumbnails=0,
            local_features=options.local_features))
        localizer = Localizer.open(place_map, options.model)
        found = measure(options.town, localizer, PoseRefiner(localizer.place_map))
    rows = table(found)
    for row in rows:
        print(row)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding='utf-8')


def measure(town: Path, localizer: Localizer, refiner: PoseRefiner) -> dict[str, list]:
    """Return, of each condition, the errors of every query that was looked up rightly."""
    queries = read_place_dataset(town).select('test_query')
    description = read_yaml(town / DESCRIPTION, ConfigurationError)
    height, width = description['size']
    matrix = Camera(width, height, description['field_of_view']).matrix
    estimator, found = PoseEstimator(localizer.place_map.frames), {}
    for row in tqdm(range(len(queries)), desc='poses', unit='query'):
        image = read_image(queries.image_path(row))
        recognition = localizer.recognize(image, 0.0)
        best = recognition.candidates[0].frame
        errors = found.setdefault(queries.conditions[row], [])
        if math.dist(queries.positions[row], (best.x, best.y)) > _RIGHT:
            errors.append(None)
            continue
        # Whether the place is trusted is another matter.
        before = estimator.estimate(replace(recognition, localized=True))
        started = time.process_time()
        after = refiner.refine(before, image, recognition, matrix)
        errors.append((*_errors(before, queries, row), *_errors(after, queries, row),
                       1e3 * (time.process_time() - started)))
    return found


def table(found: dict[str, list]) -> list[dict]:
    """Return a row per condition and one of all."""
    rows = []
    for condition, errors in [*found.items(), ('all', sum(found.values(), []))]:
        right = np.array([each for each in errors if each is not None])
        row = {'condition': condition, 'queries': len(errors), 'right': len(right)}
        names = ('metres before', 'degrees before', 'deviations before', 'metres after',
                 'degrees after', 'deviations after', 'ms')
        for name, column in zip(names, right.T):
            row[name] = [round(float(value), 2) for value in np.percentile(column, [50, 90])]
        rows.append(row)
    return rows


def _errors(estimate: PoseEstimate, queries: PlaceTable, row: int) -> tuple[float, float, float]:
    # Metres, degrees, and metres by what the covariance claims.
    offset = queries.positions[row] - (estimate.x, estimate.y)
    turn = math.remainder(queries.headings[row] - estimate.heading, math.tau)
    claimed = math.sqrt(offset @ np.linalg.solve(estimate.covariance[:2, :2], offset))
    return float(np.hypot(*offset)), math.degrees(abs(turn)), claimed


if __name__ == '__main__':
    main()
