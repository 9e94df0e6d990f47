# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
VPR-Bench: query/ and ref/ with images named by number, and the list of right pairs.

Layout of github.com/MubarizZaffar/VPR-Bench: query/<n>.jpg, ref/<n>.jpg, sorted by number, and
ground_truth_new.npy, which holds for each query its number and those of the right references.
Instead of it ground_truth.json is taken: {"<query>": [<reference>, ...], ...}.
"""

import json
from pathlib import Path

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.readers.object_array import read_pairs
from structvpr_ros.data.readers.rows import make_table, Row
from structvpr_ros.errors import DatasetError

_ARRAY, _JSON = 'ground_truth_new.npy', 'ground_truth.json'
_SUFFIXES = ('.jpg', '.jpeg', '.png')


def is_vpr_bench(root: Path) -> bool:
    """Tell whether a folder looks like this layout."""
    return (root / 'query').is_dir() and (root / 'ref').is_dir()


def read_vpr_bench(root: Path) -> PlaceTable:
    """
    Read queries, references and which of them belong together.

    :return: splits ``test_map`` and ``test_query``; the table has a truth and no positions.
    :raises DatasetError: a folder or the list is missing, an image has no number as its name, or
        the list names a query that is not there.
    """
    queries, references = _images(root, 'query'), _images(root, 'ref')
    truth = {}
    for query, right in _pairs(root).items():
        if not 0 <= query < len(queries):
            raise DatasetError(f'{root}: expected pairs of {len(queries)} queries, found a pair '
                               f'of query number {query}')
        # Some of the published lists go on behind the last reference.
        truth[queries[query]] = frozenset(
            references[row] for row in right if 0 <= row < len(references))
    return make_table(root, [
        Row(image, image.rpartition('.')[0], split=split)
        for images, split in ((references, 'test_map'), (queries, 'test_query'))
        for image in images], truth)


def _images(root: Path, side: str) -> list[str]:
    if not (root / side).is_dir():
        raise DatasetError(f'{root / side}: expected a folder of images, found none')
    numbered = []
    for path in (root / side).iterdir():
        if path.suffix.lower() in _SUFFIXES:
            if not path.stem.isdecimal():
                raise DatasetError(f'{path}: expected a number as the name of an image')
            numbered.append((int(path.stem), path.name))
    return [f'{side}/{name}' for _, name in sorted(numbered)]


def _pairs(root: Path) -> dict[int, list[int]]:
    if (root / _JSON).is_file():
        return _json_pairs(root / _JSON)
    if not (root / _ARRAY).is_file():
        raise DatasetError(f'{root}: expected {_ARRAY} or {_JSON}, found neither')
    return read_pairs(root / _ARRAY)


def _json_pairs(path: Path) -> dict[int, list[int]]:
    try:
        stored = json.loads(path.read_text(encoding='utf-8'))
        pairs = {int(query): right for query, right in stored.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise DatasetError(f'{path}: expected a map of query numbers to lists of reference '
                           f'numbers: {error}') from error
    for query, right in pairs.items():
        if not isinstance(right, list) or any(type(row) is not int for row in right):
            raise DatasetError(f'{path}: expected a list of reference numbers for query {query}')
    return pairs
