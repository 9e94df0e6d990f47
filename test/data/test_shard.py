# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Parts of the work: together they are all of it, and nothing twice."""

from hypothesis import given, strategies as st
import pytest

from structvpr_ros.data.shard import shard_rows
from structvpr_ros.errors import ConfigurationError


@given(st.integers(1, 50), st.integers(0, 1000))
def test_parts_are_the_whole_in_its_order(parts, more):
    count = parts + more
    shards = [shard_rows(f'{part + 1}/{parts}', count) for part in range(parts)]
    assert [row for shard in shards for row in shard] == list(range(count))
    sizes = [len(shard) for shard in shards]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize('shard', ['', '0/2', '3/2', '1/0', '-1/2', '1', '1/2/3', 'a/b', '1.0/2'])
def test_what_is_no_shard(shard):
    with pytest.raises(ConfigurationError, match='expected a shard such as 2/8'):
        shard_rows(shard, 100)


def test_more_parts_than_rows():
    with pytest.raises(ConfigurationError, match='shard 1/3: expected at least as many images'):
        shard_rows('1/3', 2)
