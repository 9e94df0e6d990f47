# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The bundle on disk: round trip, fingerprint, and every way of being corrupt."""

from dataclasses import replace

import pytest
import torch

from structvpr_ros.errors import ModelError
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import fingerprint, load_branch, save_bundle
from structvpr_ros.models.card import CARD, ModelCard, ONNX, WEIGHTS
from structvpr_ros.storage import file_hash

SEG = {'branch': 'seg', 'channels': 4, 'mean': (0.0,) * 4, 'std': (1.0,) * 4,
       'groups': tuple('abcd'), 'weights': (1.0, 0.5, 0.5, 0.1)}
RGB = {'branch': 'rgb', 'channels': 3, 'mean': (0.5,) * 3, 'std': (0.5,) * 3}


def _make(folder, backbone='mobilenet_v2', inputs=None):
    inputs = inputs or RGB
    torch.manual_seed(1)
    branch = Branch(backbone, 'gem', inputs['channels']).eval()
    card = ModelCard(backbone=backbone, aggregator='gem', input_size=(32, 48),
                     descriptor_size=branch.descriptor_size, **inputs)
    return branch, save_bundle(folder, branch, card)


@pytest.fixture(scope='module')
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp('bundle')
    branch, card = _make(folder)
    return folder, branch, card


@pytest.fixture
def copy(bundle, tmp_path):
    for path in bundle[0].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize('backbone, inputs', [
    ('mobilenet_v2', SEG), ('efficientnet_lite0', RGB)])
def test_round_trip(tmp_path, backbone, inputs):
    branch, card = _make(tmp_path, backbone, inputs)
    assert ModelCard.load(tmp_path) == card
    loaded = load_branch(tmp_path)
    assert not loaded.training
    images = torch.rand(2, inputs['channels'], 32, 48)
    with torch.no_grad():
        assert torch.equal(loaded(images), branch(images))


def test_channels_last_weights_are_the_same_bundle(bundle, tmp_path):
    _, branch, card = bundle
    again = save_bundle(tmp_path, branch.to(memory_format=torch.channels_last), card)
    assert again.fingerprint == card.fingerprint


def test_saving_again_removes_the_network_exported_from_older_weights(copy, bundle):
    (copy / ONNX).write_bytes(b'older')
    save_bundle(copy, bundle[1], bundle[2])
    assert sorted(path.name for path in copy.iterdir()) == [WEIGHTS, CARD]


def test_the_fingerprint_tells_networks_apart_and_nothing_else(bundle):
    _, branch, card = bundle
    weights = branch.state_dict()
    assert fingerprint(card, weights) == card.fingerprint
    told = replace(card, scores={'R@1': 0.3}, training={'epochs': 1}, files={})
    assert fingerprint(told, weights) == card.fingerprint
    for change in ({'input_size': (48, 32)}, {'mean': (0.4,) * 3}, {'backbone': 'other'}):
        assert fingerprint(replace(card, **change), weights) != card.fingerprint
    name = next(iter(weights))
    nudged = {**weights, name: torch.nextafter(weights[name], torch.tensor(9.0))}
    assert fingerprint(card, nudged) != card.fingerprint


@pytest.mark.parametrize('damage', [
    lambda data: data[:-1], lambda data: data + b'\x00', lambda data: b'',
    lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:]],
    ids=['truncated', 'longer', 'empty', 'one bit'])
def test_changed_weights_are_refused(copy, damage):
    path = copy / WEIGHTS
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError, match='corrupt or changed'):
        load_branch(copy)


def test_garbage_with_the_right_hash_is_refused(copy, bundle):
    (copy / WEIGHTS).write_bytes(b'\xff' * 64)
    replace(bundle[2], files={WEIGHTS: file_hash(copy / WEIGHTS)}).save(copy)
    with pytest.raises(ModelError, match='does not fit its card'):
        load_branch(copy)


@pytest.mark.parametrize('change, message', [
    ({'aggregator': 'netvlad'}, 'netvlad'),
    ({'backbone': 'efficientnet_lite0'}, 'does not fit its card'),
    ({'descriptor_size': 7}, 'descriptors of 7'),
    ({'fingerprint': '0' * 64}, 'do not belong together'),
    ({'mean': (0.4,) * 3}, 'do not belong together'),
    ({'files': {}}, 'lists no model.safetensors')])
def test_a_card_that_lies_is_refused(copy, bundle, change, message):
    replace(bundle[2], **change).save(copy)
    with pytest.raises(ModelError, match=message):
        load_branch(copy)


def test_missing_weights(copy):
    (copy / WEIGHTS).unlink()
    with pytest.raises(ModelError, match='found none'):
        load_branch(copy)
