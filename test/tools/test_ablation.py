# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The segmentation network of the ablation: it learns, and the stage segment reads it."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
import shutil

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_label_map, write_image
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.segment import segment, SegmentOptions

TOOL = Path(__file__).resolve().parents[2] / 'tools' / 'ablation' / 'fit_segmenter.py'
# A Cityscapes class of each group, by the group's index.
CLASS_OF = np.array([255, 2, 5, 8, 0, 10, 13], np.uint8)


@pytest.fixture(scope='module')
def tool():
    """Give the script as a module."""
    spec = spec_from_file_location(TOOL.stem, TOOL)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope='module')
def labelled(town, tmp_path_factory):
    """Give a copy of the town with label maps."""
    root = tmp_path_factory.mktemp('labelled') / 'town'
    shutil.copytree(town, root)
    table, cache = read_place_dataset(root), SlmeCache.open(root / 'slme')
    for row, image in enumerate(table.images):
        write_image(table.label_path(row), CLASS_OF[cache.read(image)])
    return table


def test_a_network_learns_and_segment_reads_it(tool, labelled, tmp_path):
    shown = labelled.take(np.flatnonzero(np.array(labelled.conditions) == 'c0'))
    torch.manual_seed(0)
    segmenter = tool.Segmenter('none')
    before = tool.agreement(segmenter, shown)
    tool.fit(segmenter, shown, steps=400)
    after = tool.agreement(segmenter, shown)
    assert before.keys() == after.keys() == {'c0'} and after['c0'] > before['c0'] + 0.2
    tool.save(segmenter, tmp_path / 'fair.pt', shown)
    truth = [read_label_map(shown.label_path(row)) for row in range(len(shown))]
    shutil.rmtree(labelled.root / 'labels')
    segment(SegmentOptions(labelled.root, str(tmp_path / 'fair.pt'), 'cityscapes_train_id'))
    found = [read_label_map(shown.label_path(row)) for row in range(len(shown))]
    assert np.mean(np.equal(found, truth)) > before['c0'] + 0.2
