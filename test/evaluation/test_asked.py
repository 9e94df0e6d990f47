# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images of a map looked up in the rest of it, against a loop over images and frames."""

import math

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.asked import ask_elsewhere, ask_own
from structvpr_ros.evaluation.calibrate import drive_numbers
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

PROXIMITY = Proximity(10.0, 25.0, math.pi / 4)


@pytest.fixture
def make_map(tmp_path):
    def make(entries, seed=0, size=4) -> PlaceMap:
        random = np.random.default_rng(seed)
        descriptors = random.normal(size=(len(entries), size)).astype(np.float32)
        descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
        return PlaceMap.open(write_map(tmp_path / 'map', MapContent(
            entries, descriptors, 'f' * 64, 'map')))
    return make


def image(number, drive, x, heading=0.0, place=None, positions=True) -> PosedImage:
    return PosedImage('town', f'{drive}/{number}', place or f'{drive}_{number}',
                      *((float(x), 0.0) if positions else (None, None)), heading, None, drive)


def slowly(descriptors, frames, query):
    """Return score, lead and row of the best place, one frame at a time."""
    best = {}
    for frame in frames:
        score = sum(float(a) * float(b)
                    for a, b in zip(descriptors[query], descriptors[frame.row]))
        if frame.place not in best or score > best[frame.place][0]:
            best[frame.place] = score, frame.row
    ranked = sorted(best.values(), reverse=True)
    if not ranked:
        return None
    lead = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else math.inf
    return ranked[0][0], lead, ranked[0][1]


def same_place(one, other):
    return (abs(one.x - other.x) <= 10
            and abs(math.remainder(one.heading - other.heading, math.tau)) <= math.pi / 4)


@settings(max_examples=25)
@given(st.data())
def test_each_image_sees_the_other_drives_alone(tmp_path_factory, data):
    count = data.draw(st.integers(2, 12))
    entries = [image(
        number, data.draw(st.sampled_from('abc')), data.draw(st.integers(0, 60)),
        data.draw(st.sampled_from([0.0, 0.5, 3.0])), data.draw(st.sampled_from(['p', 'q', None])))
        for number in range(count)]
    random = np.random.default_rng(count)
    descriptors = random.normal(size=(count, 4)).astype(np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    place_map = PlaceMap.open(write_map(tmp_path_factory.mktemp('m') / 'map', MapContent(
        entries, descriptors, 'f' * 64, 'map')))
    drives = drive_numbers(place_map)
    own, without = ask_own(place_map, drives, np.arange(count), PROXIMITY)
    frames, stored = place_map.frames, place_map.descriptors()
    expected, expected_without = [], []
    for frame in frames:
        others = [other for other in frames if drives[other.row] != drives[frame.row]]
        far = [other for other in frames if abs(other.x - frame.x) > 25]
        near = any(abs(other.x - frame.x) <= 25 for other in others)
        inside = any(same_place(frame, other) for other in others)
        found = slowly(stored, others, frame.row)
        if found and (inside or not near):
            expected.append((*found[:2], inside and same_place(frame, frames[found[2]]), inside))
        found = slowly(stored, far, frame.row)
        if found:
            expected_without.append((*found[:2], False, False))
    for asked, rows in ((own, expected), (without, expected_without)):
        assert len(asked) == len(rows)
        found = list(zip(asked.score, asked.margin, asked.right, asked.inside))
        np.testing.assert_allclose([row[:2] for row in found], [row[:2] for row in rows],
                                   atol=1e-5)
        assert [row[2:] for row in found] == [row[2:] for row in rows]


def test_without_positions_places_are_what_is_right(make_map):
    entries = [image(number, drive, 0, place=f'p{number}', positions=False)
               for drive in 'ab' for number in range(3)]
    entries.append(image(9, 'a', 0, place='alone', positions=False))
    place_map = make_map(entries)
    own, without = ask_own(place_map, drive_numbers(place_map), np.arange(7), PROXIMITY)
    assert own.inside.tolist() == [True] * 6 + [False]
    assert len(without) == 7 and not without.right.any()


def test_what_is_between_the_radii_is_not_asked(make_map):
    place_map = make_map([image(0, 'a', 0), image(0, 'b', 15), image(1, 'b', 100)])
    own, without = ask_own(place_map, drive_numbers(place_map), np.arange(3), PROXIMITY)
    # The one at 100 m is far from the other drive: a place that is not there.
    assert own.inside.tolist() == [False] and len(without) == 3


def test_images_from_elsewhere_are_never_right(make_map):
    place_map = make_map([image(number, 'a', 5 * number) for number in range(4)])
    queries = np.concatenate([place_map.descriptors()] * 30)
    asked = ask_elsewhere(place_map, queries)
    np.testing.assert_allclose(asked.score, 1.0, atol=1e-6)
    assert len(asked) == 120 and not asked.right.any() and not asked.inside.any()
    scores, _ = place_map.search(queries, 2)
    np.testing.assert_allclose(asked.margin, scores[:, 0] - scores[:, 1], atol=1e-6)


def test_a_drive_is_a_source_at_a_condition(make_map):
    entries = [image(0, 'day', 0), image(0, 'night', 0), image(1, 'day', 0)]
    entries.append(PosedImage('other', 'day/0', 'p', 0.0, 0.0, None, None, 'day'))
    numbers = drive_numbers(make_map(entries)).tolist()
    assert numbers[0] == numbers[2] and len(set(numbers)) == 3
