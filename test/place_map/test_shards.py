# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Maps that several processes built of parts of the images, against one that one built of all."""

import subprocess
import sys

import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.place_map.build import build_map, BuildMapOptions
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.place_map import PlaceMap


def test_two_processes_build_what_one_builds(tiny_dataset, tiny_bundle, tmp_path):
    parts = [tmp_path / f'part{part}' for part in (1, 2)]
    building = [subprocess.Popen(
        [sys.executable, '-m', 'structvpr_ros.cli.build_map', '--dataset', str(tiny_dataset),
         '--model', str(tiny_bundle), '--output', str(output), '--shard', f'{part}/2'],
        stderr=subprocess.PIPE, text=True) for part, output in enumerate(parts, 1)]
    for process in building:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    merged = PlaceMap.open(merge_maps(MergeOptions(tuple(parts), tmp_path / 'merged')))
    whole = PlaceMap.open(build_map(BuildMapOptions(tiny_dataset, tiny_bundle,
                                                    tmp_path / 'whole')))
    assert 0 < len(PlaceMap.open(parts[0])) < len(whole)
    assert merged.frames == whole.frames
    np.testing.assert_allclose(merged.descriptors(), whole.descriptors(), atol=1e-5)
    assert [merged.thumbnails.jpeg(row) for row in merged.thumbnails.rows()] == \
        [whole.thumbnails.jpeg(row) for row in whole.thumbnails.rows()]
    same = ('fingerprint', 'descriptor_size', 'frames', 'places', 'frame_id', 'origin', 'index')
    assert [getattr(merged.meta, name) for name in same] == \
        [getattr(whole.meta, name) for name in same]


def test_a_shard_that_is_none(tiny_dataset, tiny_bundle, tmp_path):
    with pytest.raises(ConfigurationError, match="expected a shard such as 2/8, found '2'"):
        BuildMapOptions(tiny_dataset, tiny_bundle, tmp_path / 'map', shard='2')
