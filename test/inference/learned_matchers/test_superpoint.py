# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""SuperPoint with random weights in the published layout: shapes, peaks, sampled descriptors."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')

from structvpr_ros.errors import ModelError  # noqa: E402
from structvpr_ros.inference.learned_matchers.superpoint import (  # noqa: E402
    peaks, sample, SuperPointExtractor, SuperPointNetwork)
from structvpr_ros.inference.local_features.features import FRAME_SIZE, MOST  # noqa: E402

# As superpoint_v1.pth has them.
LAYERS = {'conv1a': (64, 1, 3), 'conv1b': (64, 64, 3), 'conv2a': (64, 64, 3),
          'conv2b': (64, 64, 3), 'conv3a': (128, 64, 3), 'conv3b': (128, 128, 3),
          'conv4a': (128, 128, 3), 'conv4b': (128, 128, 3), 'convPa': (256, 128, 3),
          'convPb': (65, 256, 1), 'convDa': (256, 128, 3), 'convDb': (256, 256, 1)}


@pytest.fixture(scope='module')
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = torch.Generator().manual_seed(0)
    tensors = {}
    for name, (width, channels, side) in LAYERS.items():
        shape = (width, channels, side, side)
        tensors[f'{name}.weight'] = torch.randn(shape, generator=random) * (
            2 / (channels * side ** 2)) ** 0.5
        tensors[f'{name}.bias'] = torch.zeros(width)
    path = tmp_path_factory.mktemp('superpoint') / 'superpoint_v1.pth'
    torch.save(tensors, path)
    return path


def test_its_tensors_are_those_of_the_published_file(weights: Path) -> None:
    wanted = {name: tensor.shape for name, tensor in SuperPointNetwork().state_dict().items()}
    stored = torch.load(weights, weights_only=True)
    assert wanted == {name: tensor.shape for name, tensor in stored.items()}


def test_features_are_what_they_promise(weights: Path) -> None:
    extractor = SuperPointExtractor(weights)
    image = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    one, other = extractor.extract(image), extractor.extract(image)
    height, width = FRAME_SIZE
    assert 50 < len(one) <= MOST
    assert one.points.shape == (len(one), 2) and one.descriptors.shape == (len(one), 256)
    assert one.scores.shape == (len(one),) and (np.diff(one.scores) <= 0).all()
    assert one.points.dtype == one.descriptors.dtype == one.scores.dtype == np.float32
    # Points keep away from the border and from each other.
    assert (one.points >= 4).all() and (one.points < (width - 4, height - 4)).all()
    apart = np.abs(one.points[:, None] - one.points).max(2) + 100 * np.eye(len(one))
    assert apart.min() > 4
    np.testing.assert_allclose(np.linalg.norm(one.descriptors, axis=1), 1, atol=1e-5)
    for part in ('points', 'descriptors', 'scores'):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


def test_scores_are_probabilities_of_a_cell(weights: Path) -> None:
    network = SuperPointNetwork()
    network.load_state_dict(torch.load(weights, weights_only=True))
    with torch.inference_mode():
        scores, descriptors = network(torch.rand(2, 1, 32, 48))
    assert scores.shape == (2, 1, 32, 48) and descriptors.shape == (2, 256, 4, 6)
    cells = scores.unfold(2, 8, 8).unfold(3, 8, 8).sum((-1, -2))
    assert (cells < 1).all() and (cells > 0.5).all()


def test_peaks_are_those_that_a_greedy_search_finds() -> None:
    random = np.random.default_rng(1)
    heat = np.zeros((40, 50), np.float32)
    spots = random.integers((4, 4), (36, 46), (25, 2))
    heat[tuple(spots.T)] = random.permutation(25) + 1.0
    expected = np.zeros_like(heat)
    for y, x in sorted(spots.tolist(), key=lambda spot: -heat[tuple(spot)]):
        if not expected[max(y - 4, 0):y + 5, max(x - 4, 0):x + 5].any():
            expected[y, x] = heat[y, x]
    found = peaks(torch.from_numpy(heat)[None, None])[0, 0].numpy()
    np.testing.assert_array_equal(found, expected)


def test_descriptors_are_those_of_the_cell_at_its_centre_and_mixed_between() -> None:
    cells = torch.nn.functional.normalize(torch.randn(1, 16, 4, 5))
    centres = torch.tensor([[3.5, 3.5], [8 * 4 + 3.5, 8 * 3 + 3.5], [8 + 3.5, 3.5]])
    expected = torch.stack([cells[0, :, 0, 0], cells[0, :, 3, 4], cells[0, :, 0, 1]])
    torch.testing.assert_close(sample(cells, centres), expected, atol=1e-5, rtol=1e-5)
    halfway = torch.nn.functional.normalize(expected[:1] + expected[2:])
    torch.testing.assert_close(sample(cells, torch.tensor([[7.5, 3.5]])), halfway,
                               atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize('harm, message', [
    (lambda path: path.unlink(), 'No such file'),
    (lambda path: path.write_bytes(path.read_bytes()[:5000]), 'expected tensors saved'),
    (lambda path: path.write_bytes(b'hello'), 'expected tensors saved'),
    (lambda path: torch.save([1, 2], path), 'found list'),
    (lambda path: torch.save({'conv1a.weight': torch.zeros(1)}, path), '24 of 24'),
    (lambda path: torch.save({'model': print}, path), 'expected tensors saved'),
    (lambda path: torch.save({**torch.load(path), 'convDb.bias': torch.full((256,), torch.nan)},
                             path), 'expected finite weights')])
def test_a_bad_file_is_refused_in_one_line(weights: Path, tmp_path: Path, harm,
                                           message: str) -> None:
    path = tmp_path / 'superpoint_v1.pth'
    path.write_bytes(weights.read_bytes())
    harm(path)
    with pytest.raises(ModelError, match=message) as caught:
        SuperPointExtractor(path)
    assert str(path) in str(caught.value) and '\n' not in str(caught.value)
