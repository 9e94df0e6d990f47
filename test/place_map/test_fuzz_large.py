# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Large maps from elsewhere, mostly read when they are searched: they answer or tell why."""

from hypothesis import event, given, HealthCheck, settings, strategies as st
import numpy as np
import pytest

from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.errors import MapError
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.inspect_map import check_map, MapOptions
from structvpr_ros.place_map.meta import DESCRIPTORS, FRAMES, IVF_INDEX, META
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

QUERY = np.full(16, 0.25, np.float32)
SHARED = {HealthCheck.function_scoped_fixture, HealthCheck.too_slow}


@pytest.fixture(scope='module')
def whole(tmp_path_factory):
    rows = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    entries = [PosedImage('monday', f'{row}.png', f'p{row // 3}', float(row), 2.0)
               for row in range(len(rows))]
    return write_map(tmp_path_factory.mktemp('large') / 'map', MapContent(
        entries, rows / np.linalg.norm(rows, axis=1, keepdims=True), 'f' * 64, 'map',
        index='ivf'))


def attack(folder):
    """Search a map that may be damaged."""
    for look in (lambda folder: rank_places(PlaceMap.open(folder), QUERY, 5),
                 lambda folder: check_map(MapOptions(folder))):
        try:
            look(folder)
            event('answered')
        except MapError as error:
            event('refused')
            assert '\n' not in str(error) and len(str(error)) < 5000


# Heads are at the beginning, where most of the damage goes.
PLACES = st.one_of(st.integers(0, 400), st.integers(0, 1 << 16))
CASES = {'name': st.sampled_from((META, IVF_INDEX, DESCRIPTORS, FRAMES)),
         'changes': st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=12),
         'length': st.one_of(st.none(), st.integers(0, 1 << 15))}


@settings(max_examples=40, suppress_health_check=SHARED)
@given(**CASES)
def test_a_damaged_map_answers_or_tells_why(whole, damage, name, changes, length):
    attack(damage(whole, name, changes, length))


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=SHARED)
@given(**CASES)
def test_many_damaged_maps_answer_or_tell_why(whole, damage, name, changes, length):
    attack(damage(whole, name, changes, length))
