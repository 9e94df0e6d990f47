# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Ranking places, against a slow look at every frame."""

from pathlib import Path

import faiss
from hypothesis import given, settings, strategies as st
import numpy as np

from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.place_map.flat_index import FlatIndex
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.meta import MapMeta
from structvpr_ros.place_map.place_map import PlaceMap


def make_map(rows: list[tuple[int, ...]], places: list[int]) -> PlaceMap:
    index = faiss.IndexFlatIP(2)
    index.add(np.array(rows, np.float32))
    frames = tuple(Frame(row, f'p{place}', f'{row}', None, None, None, None, '')
                   for row, place in enumerate(places))
    meta = MapMeta('f', 2, len(rows), len(set(places)), 'map', 'now', {})
    return PlaceMap(Path('m'), meta, frames, FlatIndex(index))


def rank_slowly(rows, places, query, count):
    best: dict[int, tuple[int, int]] = {}
    for row, (vector, place) in enumerate(zip(rows, places, strict=True)):
        score = sum(a * b for a, b in zip(vector, query, strict=True))
        if place not in best or score > best[place][0]:
            best[place] = (score, row)
    order = sorted(best, key=lambda place: (-best[place][0], best[place][1]))
    return [(f'p{place}', float(best[place][0]), best[place][1]) for place in order[:count]]


coordinates = st.integers(-3, 3)
vectors = st.tuples(coordinates, coordinates)


@settings(max_examples=200)
@given(st.lists(st.tuples(vectors, st.integers(0, 6)), min_size=1, max_size=120), vectors,
       st.integers(1, 8))
def test_as_if_every_frame_were_looked_at(entries, query, count):
    rows, places = [entry[0] for entry in entries], [entry[1] for entry in entries]
    found = rank_places(make_map(rows, places), np.array(query, np.float32), count)
    assert [(candidate.place, candidate.score, candidate.frame.row) for candidate in found] \
        == rank_slowly(rows, places, query, count)


def test_a_place_with_very_many_good_frames_hides_no_other():
    rows = [(3, 0)] * 500 + [(1, 0), (2, 0)]
    found = rank_places(make_map(rows, [0] * 500 + [1, 2]), np.array([1, 0], np.float32), 3)
    assert [(candidate.place, candidate.frame.row) for candidate in found] \
        == [('p0', 0), ('p2', 501), ('p1', 500)]
