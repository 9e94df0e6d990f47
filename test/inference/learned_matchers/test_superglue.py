# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""SuperGlue with random weights in the published layout: symmetry, assignment, bad files."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')

from structvpr_ros.errors import ModelError  # noqa: E402
from structvpr_ros.inference.learned_matchers.superglue import (  # noqa: E402
    SuperGlueMatcher, SuperGlueNetwork)
from structvpr_ros.inference.learned_matchers.superpoint import (  # noqa: E402
    ScoredFeatures, SuperPointNetwork)
from structvpr_ros.inference.local_features.kinds import create_kind, WeightFiles  # noqa: E402


def published_layout() -> dict[str, tuple[int, ...]]:
    """Return names and shapes as superglue_outdoor.pth has them."""
    shapes: dict[str, tuple[int, ...]] = {'bin_score': ()}

    def convolution(name: str, channels: int, width: int) -> None:
        shapes[f'{name}.weight'], shapes[f'{name}.bias'] = (width, channels, 1), (width,)

    def perceptron(name: str, *channels: int) -> None:
        for number, (width, following) in enumerate(zip(channels, channels[1:])):
            convolution(f'{name}.{3 * number}', width, following)
            if number < len(channels) - 2:
                for part in ('weight', 'bias', 'running_mean', 'running_var'):
                    shapes[f'{name}.{3 * number + 1}.{part}'] = (following,)
                shapes[f'{name}.{3 * number + 1}.num_batches_tracked'] = ()

    perceptron('kenc.encoder', 3, 32, 64, 128, 256, 256)
    for layer in range(18):
        for part in ('merge', 'proj.0', 'proj.1', 'proj.2'):
            convolution(f'gnn.layers.{layer}.attn.{part}', 256, 256)
        perceptron(f'gnn.layers.{layer}.mlp', 512, 512, 256)
    convolution('final_proj', 256, 256)
    return shapes


@pytest.fixture(scope='module')
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a file of random weights, whose last projection leaves descriptors to decide."""
    torch.manual_seed(0)
    network = SuperGlueNetwork()
    tensors = network.state_dict()
    for name, tensor in tensors.items():
        if name.endswith('mlp.3.weight') or name.endswith('encoder.12.weight'):
            tensor *= 0.05
    tensors['final_proj.weight'] = 16 * torch.eye(256)[:, :, None]
    path = tmp_path_factory.mktemp('superglue') / 'superglue_outdoor.pth'
    torch.save(tensors, path)
    return path


@pytest.fixture(scope='module')
def matcher(weights: Path) -> SuperGlueMatcher:
    return SuperGlueMatcher(weights)


def features(seed: int, count: int) -> ScoredFeatures:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(count, 256)).astype(np.float32)
    return ScoredFeatures(random.uniform(0, 250, (count, 2)).astype(np.float32),
                          vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
                          random.uniform(0, 1, count).astype(np.float32))


def reordered(given: ScoredFeatures, order: np.ndarray) -> ScoredFeatures:
    return ScoredFeatures(given.points[order], given.descriptors[order], given.scores[order])


def tensors(given: ScoredFeatures) -> tuple:
    return tuple(map(torch.from_numpy, (given.points, given.scores, given.descriptors)))


def test_its_tensors_are_those_of_the_published_file() -> None:
    assert {name: tuple(tensor.shape) for name, tensor in SuperGlueNetwork().state_dict().items()
            } == published_layout()


def test_the_order_of_the_points_does_not_matter() -> None:
    torch.manual_seed(1)
    network = SuperGlueNetwork().eval()
    one, other = features(0, 13), features(1, 17)
    order, others = np.random.default_rng(2).permutation(13), np.random.default_rng(3).permutation(
        17)
    with torch.inference_mode():
        plain = network(tensors(one), tensors(other))
        turned = network(tensors(reordered(one, order)), tensors(reordered(other, others)))
        swapped = network(tensors(other), tensors(one))
    assert plain.shape == (14, 18)
    expected = plain[np.append(order, 13)][:, np.append(others, 17)]
    torch.testing.assert_close(turned, expected, atol=1e-3, rtol=1e-3)
    # The two images play one part, but for the side that Sinkhorn scales last.
    torch.testing.assert_close(swapped.T, plain, atol=2e-2, rtol=2e-2)
    torch.testing.assert_close(plain.exp().sum(0), torch.tensor([1.0] * 17 + [13.0]))


def test_the_same_points_match(matcher: SuperGlueMatcher) -> None:
    one = features(0, 40)
    order = np.random.default_rng(1).permutation(40)
    rows, others = matcher.match(one, reordered(one, order[:30]))
    assert len(rows) > 20 and len(set(rows)) == len(set(others)) == len(rows)
    assert (order[others] == rows).mean() > 0.9


def test_nothing_matches_nothing(matcher: SuperGlueMatcher) -> None:
    for one, other in ((0, 0), (0, 5), (5, 0)):
        rows, others = matcher.match(features(0, one), features(1, other))
        assert len(rows) == len(others) == 0


def test_the_same_again(matcher: SuperGlueMatcher) -> None:
    one, other = features(0, 60), features(0, 60)
    for first, second in zip(matcher.match(one, other), matcher.match(one, other)):
        np.testing.assert_array_equal(first, second)


def test_files_make_a_kind(weights: Path, tmp_path: Path) -> None:
    torch.manual_seed(2)
    torch.save(SuperPointNetwork().state_dict(), tmp_path / 'superpoint_v1.pth')
    extractor, matcher = create_kind(
        'superpoint_superglue', WeightFiles(tmp_path / 'superpoint_v1.pth', weights))
    image = np.random.default_rng(0).integers(0, 256, (64, 80, 3), np.uint8)
    one, other = extractor.extract(image), extractor.extract(image[:, ::-1])
    rows, others = matcher.match(one, other)
    assert len(one) > 20 and len(rows) == len(others) <= len(one)


def test_another_file_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / 'superglue_outdoor.pth'
    torch.save({'bin_score': torch.tensor(1.0)}, path)
    with pytest.raises(ModelError, match='published weights of SuperGlue; missing .* first kenc'):
        SuperGlueMatcher(path)
