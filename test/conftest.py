# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What several rooms test with: tiny data sets, a tiny model, and its map of one of them."""

import os
from pathlib import Path
import shutil

from hypothesis import settings
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import GROUPS

# Threads that spin while they wait take the processor from those they wait for: on two busy
# cores PyTorch is ten times as slow so. Read when PyTorch and FAISS are first imported.
os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')

# Machines that test are slow and shared: no test may fail for the time it takes.
settings.register_profile('steady', deadline=None)
settings.load_profile('steady')

TINY_SIZE = (48, 64)
TINY_PLACES = 6
TOWN_SIZE = (32, 40)


@pytest.fixture(scope='session')
def tiny_dataset(tmp_path_factory) -> Path:
    """
    Give a place data set of 6 places 20 m apart, each seen by ``day`` and by ``night``.

    Splits test_map (day) and test_query (night); images of 60x80 that are easily told apart.
    """
    root = tmp_path_factory.mktemp('tiny') / 'tiny_dataset'
    random = np.random.default_rng(7)
    rows = []
    for place in range(TINY_PLACES):
        blocks = random.integers(0, 256, (6, 8, 3), np.uint8)
        day = np.kron(blocks, np.ones((10, 10, 1), np.uint8))
        for condition, split, image in (('day', 'test_map', day),
                                        ('night', 'test_query', day // 2 + 10)):
            name = f'images/{condition}/{place:03d}.png'
            write_image(root / name, image)
            rows.append((name, f'place_{place}', (20.0 * place, 5.0), condition, split))
    names, places, positions, conditions, splits = zip(*rows, strict=True)
    table = PlaceTable(root, names, places, np.array(positions), np.full(len(rows), 0.5),
                       conditions, splits)
    write_place_dataset(table)
    return root


@pytest.fixture(scope='session')
def unexported_bundle(tmp_path_factory) -> Path:
    """Give an RGB bundle of random weights for images of 48x64, without model.onnx."""
    import torch

    from structvpr_ros.models.branch import Branch
    from structvpr_ros.models.bundle import save_bundle
    from structvpr_ros.models.card import ModelCard
    torch.manual_seed(3)
    branch = Branch('mobilenet_v2', 'gem', 3)
    for module in branch.modules():
        # Statistics as after training; with none, all images have one and the same descriptor.
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        branch.train()(torch.randn(32, 3, *TINY_SIZE))
    folder = tmp_path_factory.mktemp('bundle') / 'rgb'
    save_bundle(folder, branch, ModelCard(
        branch='rgb', backbone='mobilenet_v2', aggregator='gem', channels=3,
        input_size=TINY_SIZE, descriptor_size=branch.descriptor_size,
        mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)))
    return folder


@pytest.fixture(scope='session')
def tiny_bundle(unexported_bundle, tmp_path_factory) -> Path:
    """Give the same bundle with model.onnx; read-only, copy it to change it."""
    from structvpr_ros.inference.export import export, ExportOptions
    folder = tmp_path_factory.mktemp('exported') / 'rgb'
    shutil.copytree(unexported_bundle, folder)
    export(ExportOptions(folder))
    return folder


@pytest.fixture(scope='session')
def tiny_map(tiny_dataset, tiny_bundle, tmp_path_factory) -> Path:
    """Give the map of the tiny data set's day images; read-only, copy it to change it."""
    from structvpr_ros.place_map.build import build_map, BuildMapOptions
    return build_map(BuildMapOptions(
        tiny_dataset, tiny_bundle, tmp_path_factory.mktemp('map') / 'tiny_map',
        condition='day'))


@pytest.fixture(scope='session')
def town(tmp_path_factory) -> Path:
    """
    Give a data set of 12 places 50 m apart under 3 lights, encoded in its ``slme`` folder.

    8 places are split train; of the others condition c0 is val_map, the rest val_query.
    """
    root = tmp_path_factory.mktemp('data') / 'town'
    random, rows = np.random.default_rng(5), []
    for place in range(12):
        groups = np.kron(random.integers(1, 7, (4, 5), np.uint8), np.ones((8, 8), np.uint8))
        colours = random.integers(0, 256, (7, 3))
        for light in range(3):
            image = colours[groups] * (1 - 0.3 * light) + random.normal(0, 10, (*TOWN_SIZE, 3))
            name = f'{place:02}_{light}.png'
            write_image(root / 'images' / name, np.clip(image, 0, 255).astype(np.uint8))
            write_image(root / 'slme' / 'groups' / name, groups)
            split = ('train' if place < 8 else 'val_map' if light == 0
                     else 'val_query')
            rows.append((f'images/{name}', f'p{place}', (50.0 * place, 0.0), f'c{light}', split))
    names, places, positions, conditions, splits = zip(*rows)
    write_place_dataset(PlaceTable(root, names, places, np.array(positions),
                                   np.zeros(len(rows)), conditions, splits))
    SlmeCache(root / 'slme', 'made up', '0', GROUPS, TOWN_SIZE).write_description()
    return root
