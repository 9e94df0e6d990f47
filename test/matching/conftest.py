# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A map with local features."""

from pathlib import Path

import pytest

from structvpr_ros.place_map.build import build_map, BuildMapOptions


@pytest.fixture(scope='session')
def featured_map(tiny_dataset, tiny_bundle, tmp_path_factory) -> Path:
    """Give the map of the tiny data set's day images with SIFT features; read-only."""
    return build_map(BuildMapOptions(
        tiny_dataset, tiny_bundle, tmp_path_factory.mktemp('featured') / 'map',
        condition='day', local_features='sift', max_features=20))
