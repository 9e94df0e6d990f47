# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Training behind frozen blocks: the same network, on what they saw once."""

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.describe import describe, describing_network
from structvpr_ros.inference.samples import Samples
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.augmentations import AUGMENTS
from structvpr_ros.training.frozen_data import skip_frozen, VIEWS
from structvpr_ros.training.frozen_views import Viewing
from structvpr_ros.training.options import FitOptions
from structvpr_ros.training.stage_one import train, TrainOptions
from structvpr_ros.training.training_data import open_training_data


class _Pixels(torch.nn.Module):
    """A trunk that shows what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))

    def forward(self, samples):
        return self.scale * samples.permute(0, 3, 1, 2)


def _viewing(folder, seed=0):
    return Viewing(_Pixels(), folder, seed)


def _samples():
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 10, 3), dtype=np.uint8)
    return Samples(images.__getitem__, len(images)), images


def test_the_first_version_is_the_sample_and_the_others_are_changed(tmp_path):
    samples, images = _samples()
    seen = _viewing(tmp_path).see(samples, 40, 2, AUGMENTS['mild'], 'train')
    assert seen.maps.shape == (40, 3, 3, 8, 10)
    np.testing.assert_array_equal(seen.stack([7, 3]), images[[7, 3]].transpose(0, 3, 1, 2))
    expected = AUGMENTS['mild'](images[5], np.random.default_rng([0, 5, 2]))
    np.testing.assert_array_equal(seen.maps[5, 2], expected.transpose(2, 0, 1))
    drawn = {seen.draw(5, np.random.default_rng(seed)).tobytes() for seed in range(30)}
    assert drawn == {version.tobytes() for version in seen.maps[5]}


def test_what_was_seen_is_not_looked_at_again(tmp_path):
    samples, _ = _samples()
    _viewing(tmp_path).see(samples, 40, 1, AUGMENTS['mild'], 'train')
    [file] = tmp_path.iterdir()
    written = file.stat().st_mtime_ns
    _viewing(tmp_path).see(samples, 40, 1, AUGMENTS['mild'], 'train')
    assert file.stat().st_mtime_ns == written
    _viewing(tmp_path, seed=1).see(samples, 40, 1, AUGMENTS['mild'], 'train')
    _viewing(tmp_path).see(samples, 40, 1, AUGMENTS['strong'], 'train')
    other = _viewing(tmp_path)
    other.trunk.scale.data *= 2
    other.see(samples, 40, 1, AUGMENTS['mild'], 'train')
    assert len(list(tmp_path.iterdir())) == 4


# Before, right behind and past feature maps in use; no block is left behind the last.
@pytest.mark.parametrize('frozen', [5, 7, 9, 18])
def test_the_rest_describes_as_the_whole(town, trained, tmp_path, frozen):
    card, branch = ModelCard.load(trained / 'rgb'), load_branch(trained / 'rgb')
    options = FitOptions(dataset=town, output=tmp_path, frozen_blocks=frozen, frozen_views=1)
    data = open_training_data(card, read_place_dataset(town), options)
    network = describing_network(card, branch).eval()
    rest, seen = skip_frozen(network, data, options, tmp_path / VIEWS)
    for samples, seen_samples, count in (
            (data.samples, seen.samples, len(data.table)),
            (data.validation.queries, seen.validation.queries, 8),
            (data.validation.database, seen.validation.database, 4)):
        rows = np.arange(count)
        whole, part = describe(network, samples, rows), describe(rest, seen_samples, rows)
        assert (whole * part).sum(axis=1).min() > 0.9999  # float16 lies between
    assert set(seen.validation.score(rest)) == set(data.validation.score(network))


def test_trainings_may_share_what_frozen_blocks_saw(town, tmp_path, brief):
    options = {'dataset': town, 'input_size': (64, 80), 'weights': 'none', 'branch': 'rgb',
               'backbone': 'mobilenet_v2', 'aggregator': 'vlad_gem_cells', 'frozen_blocks': 14,
               'frozen_views': 1, 'views': tmp_path / 'shared', **brief}
    train(TrainOptions(output=tmp_path / 'one', **options))
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / 'shared').iterdir()}
    train(TrainOptions(output=tmp_path / 'two', learning_rate=1e-2, **options))
    assert written and written == {
        path: path.stat().st_mtime_ns for path in (tmp_path / 'shared').iterdir()}
    assert not (tmp_path / 'one' / 'rgb' / VIEWS).exists()


def test_views_need_frozen_blocks(tmp_path):
    with pytest.raises(ConfigurationError, match='frozen_blocks of at least 1'):
        FitOptions(dataset=tmp_path, output=tmp_path, frozen_views=1)


@pytest.mark.parametrize('loss', ['triplet', 'multi_similarity'])
def test_a_training_behind_frozen_blocks_leaves_them_alone(town, tmp_path, brief, loss):
    options = {'dataset': town, 'input_size': (64, 80), 'weights': 'none', 'branch': 'rgb',
               'backbone': 'mobilenet_v2', 'aggregator': 'vlad_gem_cells', 'frozen_blocks': 14,
               'frozen_views': 1, 'augment': 'strong', 'loss': loss, **brief}
    [one] = train(TrainOptions(output=tmp_path / 'one', **options))
    [two] = train(TrainOptions(output=tmp_path / 'two', learning_rate=1e-2, **options))
    first, second = load_branch(one), load_branch(two)
    same = {name for name, weight in first.state_dict().items()
            if torch.equal(weight, second.state_dict()[name])}
    assert {name for name, _ in first.named_parameters() if name.startswith('backbone')} <= same
    assert 'aggregator.whitenings.0.weight' not in same
