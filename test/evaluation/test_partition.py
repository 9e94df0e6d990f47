# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The partition against its table in words, and its properties."""

from hypothesis import given, strategies as st
import numpy as np
import pytest

from structvpr_ros.evaluation.partition import in_group, partition, shares, UNIONS

RANKS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=40)
NAMES = (*UNIONS, 'r1', 'r2')


def _slow_group(x, y, threshold):
    if x > threshold:
        return 4
    if y > threshold:
        return 1
    return 2 if x <= y else 3


def _split(ranks):
    x, y = np.array(ranks, np.int64).T
    return x, y


@given(RANKS, st.integers(1, 30))
def test_agrees_with_the_table_pair_by_pair(ranks, threshold):
    x, y = _split(ranks)
    assert partition(x, y, threshold).tolist() == [_slow_group(*pair, threshold)
                                                   for pair in ranks]


@given(RANKS, st.integers(1, 30))
def test_groups_are_disjoint_and_complete_and_their_unions_hold(ranks, threshold):
    x, y = _split(ranks)
    groups = partition(x, y, threshold)
    member = {name: in_group(name, groups, y, threshold) for name in NAMES}
    assert (sum(member[name].astype(int) for name in ('d1', 'd2', 'd3', 'd4')) == 1).all()
    np.testing.assert_array_equal(member['s1'], member['d1'] | member['d2'] | member['d3'])
    np.testing.assert_array_equal(member['s1'], x <= threshold)
    np.testing.assert_array_equal(member['s2'], member['d4'])
    np.testing.assert_array_equal(member['r1'], y <= threshold)
    np.testing.assert_array_equal(member['r2'], ~member['r1'])
    found = shares(groups, y, threshold)
    assert found['d1'] + found['d2'] + found['d3'] == pytest.approx(found['s1'])
    assert found['s1'] + found['s2'] == pytest.approx(1)
    assert found['r1'] + found['r2'] == pytest.approx(1)


@given(RANKS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(ranks, random):
    order = list(range(len(ranks)))
    random.shuffle(order)
    x, y = _split(ranks)
    np.testing.assert_array_equal(partition(x, y)[order], partition(x[order], y[order]))
    assert shares(partition(x, y), y) == pytest.approx(
        shares(partition(x[order], y[order]), y[order]))


@pytest.mark.parametrize('x, y, group', [
    (10, 11, 1), (1, 11, 1), (10, 10, 2), (1, 1, 2), (1, 10, 2), (10, 9, 3), (2, 1, 3),
    (11, 11, 4), (11, 1, 4), (11, 10, 4)])
def test_the_borders_of_the_default_threshold(x, y, group):
    assert partition(np.array([x]), np.array([y])).tolist() == [group]
