# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Stage two on a tiny data set: the bundle, the partition on disk, the ablation, refusals."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import yaml

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.evaluation import described
from structvpr_ros.evaluation.partition import partition
from structvpr_ros.evaluation.ranks import pair_ranks
from structvpr_ros.inference.describe import describe_table
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training import stage_two
from structvpr_ros.training.alignment import whiten
from structvpr_ros.training.partners import partners
from structvpr_ros.training.stage_two import distill, DistillOptions
from structvpr_ros.training.weights import distillation_weights


def _distill(dataset, output, trained, brief, **changes):
    return distill(DistillOptions(dataset=dataset, output=output, **{
        'teacher': trained / 'seg', 'student': trained / 'rgb', **brief, **changes}))


@pytest.fixture(scope='module')
def distilled(town, trained, brief, tmp_path_factory):
    return _distill(town, tmp_path_factory.mktemp('two') / 'student', trained, brief,
                    rank_threshold=3)


def test_the_student_becomes_a_bundle_of_the_rgb_branch(distilled, trained):
    card, before = ModelCard.load(distilled), ModelCard.load(trained / 'rgb')
    assert card.branch == 'rgb' and card.fingerprint != before.fingerprint
    assert card.training['teacher'] == ModelCard.load(trained / 'seg').fingerprint
    assert card.training['student'] == before.fingerprint
    assert card.scores.keys() == {'R@1', 'R@5', 'R@10', 'R@20'}
    with torch.no_grad():
        lengths = load_branch(distilled)(torch.rand(2, 3, *card.input_size)).norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(2))


def test_the_partition_on_disk_is_that_of_the_two_bundles(distilled, trained, town):
    rows = read_place_dataset(town).select('train')
    relations = relate(rows, rows, Proximity())
    teacher, student = (describe_table(trained / branch, rows, town / 'slme')
                        for branch in ('seg', 'rgb'))
    x, y = (pair_ranks(values, values, relations) for values in (whiten(teacher), student))
    chosen = partners(rows, relations, x)
    x, y = x[chosen], y[chosen]
    with np.load(distilled / 'partition.npz', allow_pickle=False) as stored:
        assert stored['images'].tolist() == list(rows.images)
        np.testing.assert_array_equal(stored['pairs'], relations.pairs()[chosen])
        np.testing.assert_array_equal(stored['teacher_ranks'], x)
        np.testing.assert_array_equal(stored['student_ranks'], y)
        np.testing.assert_array_equal(stored['groups'], partition(x, y, 3))
        np.testing.assert_allclose(stored['weights'], distillation_weights('weighted', x, y, 3))
    summary = yaml.safe_load((distilled / 'partition.yaml').read_text())
    assert summary['pairs'] == len(x) and summary['distilled'] == (x <= 3).sum()
    assert summary['shares']['s1'] == pytest.approx((x <= 3).mean())


def test_the_control_changes_what_is_taught_and_nothing_else(town, trained, brief, tmp_path):
    right, control = (_distill(town, tmp_path / group, trained, brief, group=group)
                      for group in ('all', 'control'))
    with np.load(right / 'partition.npz', allow_pickle=False) as one, \
            np.load(control / 'partition.npz', allow_pickle=False) as other:
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name])
    assert ModelCard.load(right).fingerprint != ModelCard.load(control).fingerprint


def test_what_the_two_networks_see_is_shared(town, trained, brief, tmp_path, monkeypatch):
    shared = tmp_path / 'shared'
    one = _distill(town, tmp_path / 'one', trained, brief, cache=shared)
    assert len(list(shared.iterdir())) == 2

    def describe_again(*_):
        raise AssertionError('described again')

    monkeypatch.setattr(described, 'describe', describe_again)
    other = _distill(town, tmp_path / 'other', trained, brief, cache=shared)
    assert ModelCard.load(one).fingerprint == ModelCard.load(other).fingerprint


def test_processes_beside_the_first_keep_nothing(town, trained, brief, tmp_path, monkeypatch):
    first = _distill(town, tmp_path / 'first', trained, brief)
    options = DistillOptions(dataset=town, output=tmp_path / 'beside', teacher=trained / 'seg',
                             student=trained / 'rgb', **brief)
    table = read_place_dataset(town).select('train')
    monkeypatch.setattr(stage_two, 'is_first', lambda: False)
    beside = [stage_two._described(trained / branch, table, options) for branch in ('seg', 'rgb')]
    assert not options.output.exists()
    monkeypatch.setattr(stage_two, 'is_first', lambda: True)
    options.cache = first / 'descriptors'
    for branch, found in zip(('seg', 'rgb'), beside):
        np.testing.assert_allclose(
            stage_two._described(trained / branch, table, options), found, atol=1e-5)


def test_called_again_it_is_found_finished(town, distilled, trained, brief):
    before = ModelCard.load(distilled)
    _distill(town, distilled, trained, brief, rank_threshold=3)
    assert ModelCard.load(distilled) == before


def test_a_training_goes_on_when_what_it_keeps_lies_elsewhere(town, distilled, trained, brief,
                                                              tmp_path):
    before = ModelCard.load(distilled)
    _distill(town, distilled, trained, brief, rank_threshold=3, cache=tmp_path / 'cache',
             views=tmp_path / 'views')
    assert ModelCard.load(distilled) == before


def test_another_teacher_is_no_continuation(town, distilled, trained, brief, tmp_path):
    card = ModelCard.load(trained / 'seg')
    save_bundle(tmp_path / 'seg', Branch(card.backbone, card.aggregator, card.channels), card)
    with pytest.raises(ConfigurationError, match='holds a training with teacher'):
        _distill(town, distilled, trained, brief, rank_threshold=3, teacher=tmp_path / 'seg')


def test_bundles_that_do_not_fit_each_other_are_refused(town, trained, brief, tmp_path):
    with pytest.raises(ModelError, match='expected a bundle of the seg branch, found .* rgb'):
        _distill(town, tmp_path / 'a', trained, brief, teacher=trained / 'rgb')
    with pytest.raises(ModelError, match='expected a bundle of the rgb branch, found .* seg'):
        _distill(town, tmp_path / 'a', trained, brief, student=trained / 'seg')
    other = Branch('efficientnet_lite0', 'gem', 6)
    save_bundle(tmp_path / 'other', other, replace(
        ModelCard.load(trained / 'seg'), backbone='efficientnet_lite0',
        descriptor_size=other.descriptor_size))
    with pytest.raises(ModelError, match='one descriptor size, found 472 .* and 448'):
        _distill(town, tmp_path / 'a', trained, brief, teacher=tmp_path / 'other')
    assert not (tmp_path / 'a').exists()


def test_options_that_cannot_work_are_refused(town, trained, brief, tmp_path):
    for changes in ({'rank_threshold': 0}, {'strength': 0.0}, {'output': trained / 'rgb'}):
        with pytest.raises(ConfigurationError):
            _distill(town, changes.pop('output', tmp_path), trained, brief, **changes)
