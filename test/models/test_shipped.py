# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The student that comes with the package is whole, small, distilled and tells places apart."""

from pathlib import Path

import numpy as np

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.matching.localizer import Localizer
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard, ONNX, WEIGHTS
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.build import build_map, BuildMapOptions

CARD = Path(__file__).resolve().parents[2] / 'docs' / 'student.md'
LARGEST = 15e6  # bytes


def test_it_is_a_whole_and_small_bundle_of_a_distilled_student():
    card = ModelCard.load(SHIPPED_STUDENT)
    assert (card.branch, card.training['stage'], card.training['group']) == (
        'rgb', 'two', 'weighted')
    for name in (WEIGHTS, ONNX):
        card.check_file(SHIPPED_STUDENT, name)
    assert load_branch(SHIPPED_STUDENT).descriptor_size == card.descriptor_size <= 512
    files = list(SHIPPED_STUDENT.iterdir())
    assert {file.name for file in files} == {'model.yaml', WEIGHTS, ONNX}
    assert sum(file.stat().st_size for file in files) <= LARGEST


def test_both_engines_describe_alike():
    images = np.random.default_rng(0).integers(0, 256, (2, 240, 320, 3), np.uint8)
    one, other = (create_engine(SHIPPED_STUDENT, kind).describe(images)
                  for kind in ('onnx', 'torch'))
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_its_card_is_about_this_very_network():
    assert ModelCard.load(SHIPPED_STUDENT).fingerprint[:12] in CARD.read_text(encoding='utf-8')


def test_a_map_that_names_no_model_is_built_by_it(tiny_dataset, tmp_path):
    folder = build_map(BuildMapOptions(tiny_dataset, None, tmp_path / 'map', thumbnails=0))
    localizer = Localizer.open(folder, SHIPPED_STUDENT)
    table = read_place_dataset(tiny_dataset)
    for row, place in enumerate(table.places):
        answer = localizer.recognize(read_image(table.image_path(row)), 0.0).candidates[0]
        assert answer.place == place and answer.score > 0.999
