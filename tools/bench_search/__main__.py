# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure the search in maps of a thousand to a million images, exact and approximate.

    python tools/bench_search [--sizes 1000 10000 100000 1000000] [--json FILE]

A map of each size is built and written as build_map writes it, from made descriptors (route.py),
and measured in a process of its own. --like DIRECTORY shows how made descriptors compare with
those that the shipped student gives the images of a place data set, splits val_map and val_query.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
import json
import multiprocessing
import os
from pathlib import Path
import tempfile
import time
from typing import Any, Iterator

import faiss
from likeness import likeness
from measure import measure
import numpy as np
from route import Drive, make_drive

from structvpr_ros.data.layouts import read_dataset
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.writer import write_map

_NEAR = 5  # frames from the true one that still show its place
_BLOCK = 100_000
_EXACT_QUERIES = 100  # an exact search of a million takes its time

COLUMNS = (('frames', 'images', '{:,}'), ('index', 'index', '{}'),
           ('build_s', 'build s', '{:.1f}'),
           ('disk_bytes', 'disk B/img', '{:.0f}'), ('ram_bytes', 'RAM B/img', '{:.0f}'),
           ('open_ms', 'open ms', '{:.0f}'), ('search_p50_ms', 'p50 ms', '{:.2f}'),
           ('search_p99_ms', 'p99 ms', '{:.2f}'), ('places_p50_ms', 'places p50', '{:.2f}'),
           ('agreement', 'same first', '{:.1%}'), ('recall', 'R@1', '{:.3f}'))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog='bench_search', description=__doc__)
    parser.add_argument('--sizes', type=int, nargs='+', default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument('--descriptor-size', type=int, default=448)
    parser.add_argument('--queries', type=int, default=500)
    parser.add_argument('--json', type=Path, help='a file that gets all numbers')
    parser.add_argument('--like', type=Path, help='a place data set to compare with')
    arguments = parser.parse_args()
    if arguments.like is not None:
        compare(arguments.like)
        return
    print(f'{os.cpu_count()} cores, descriptors of {arguments.descriptor_size}, '
          f'{arguments.queries} queries one by one')
    print('  '.join(f'{title:>10}' for _, title, _ in COLUMNS))
    results = []
    for size in arguments.sizes:
        drive = make_drive(size, min(arguments.queries, size), arguments.descriptor_size)
        for result in bench(drive):
            print('  '.join(f'{form.format(_each(result, name)):>10}'
                            for name, _, form in COLUMNS), flush=True)
            results.append(result)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + '\n', encoding='utf-8')


def bench(drive: Drive) -> Iterator[dict[str, Any]]:
    """Yield what maps of a drive cost and answer, exact and approximate."""
    exact = exact_rows(drive)
    for index in ('flat', 'ivf'):
        with tempfile.TemporaryDirectory() as folder:
            queries = drive.queries
            if index == 'flat' and len(drive.frames) > _BLOCK:
                queries = queries[:_EXACT_QUERIES]
            started = time.perf_counter()
            written = write_map(Path(folder) / 'map', content(drive, index))
            built = time.perf_counter() - started
            with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as pool:
                found = pool.submit(measure, written, queries).result()
            rows = np.array(found.pop('rows'))
            told = rows if index == 'ivf' else exact
            yield {'frames': len(drive.frames), 'index': index, 'build_s': built, **found,
                   'disk_bytes': sum(path.stat().st_size for path in written.iterdir()),
                   'agreement': float(np.mean(rows == exact[:len(rows)])),
                   'recall': float(np.mean(np.abs(told - drive.rows) <= _NEAR))}


def exact_rows(drive: Drive) -> np.ndarray:
    """Return the row of the best frame of each query."""
    best = np.full(len(drive.queries), -np.inf, np.float32)
    rows = np.zeros(len(drive.queries), np.int64)
    for start in range(0, len(drive.frames), _BLOCK):
        index = faiss.IndexFlatIP(drive.frames.shape[1])
        index.add(drive.frames[start:start + _BLOCK].astype(np.float32))
        scores, found = index.search(drive.queries, 1)
        better = scores[:, 0] > best
        best[better], rows[better] = scores[better, 0], start + found[better, 0]
    return rows


def content(drive: Drive, index: str) -> MapContent:
    """Return a map of a drive: three images a place, two metres apart, without thumbnails."""
    entries = [PosedImage('drive', f'{row:08}.jpg', f'p{row // 3}', 2.0 * row, 0.0, 0.0,
                          row / 5, 'day') for row in range(len(drive.frames))]
    return MapContent(entries, drive.frames, 'f' * 64, 'map', index=index)


def compare(dataset: Path) -> None:
    """Print how real and made descriptors are spread."""
    table = read_dataset(dataset, 'auto')
    engine = create_engine(SHIPPED_STUDENT, 'onnx')
    real = []
    for split in ('val_map', 'val_query'):
        images = TableImages(table.select(split))
        loads = images.loads(range(len(images.entries)))
        real.append(np.concatenate([engine.describe(batch) for batch in image_batches(
            loads, engine.card.input_size, 8)]))
    drive = make_drive(len(real[0]), len(real[1]), engine.descriptor_size)
    made = likeness(drive.frames.astype(np.float32), drive.queries)
    for name, figures in likeness(*real).items():
        print(f'{name:30} real {figures}  made {made[name]}')


def _each(result: dict[str, Any], name: str) -> Any:
    # Bytes are told for each image.
    return result[name] / result['frames'] if name.endswith('bytes') else result[name]


if __name__ == '__main__':
    main()
