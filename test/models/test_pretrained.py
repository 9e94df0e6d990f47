# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Weights that a backbone starts from, and the files that must be refused."""

import os
import pickle

import pytest
from safetensors.torch import save_file
import torch
from torchvision.models import mobilenet_v2

from structvpr_ros.errors import ModelError
from structvpr_ros.models.backbones import backbone_kind
from structvpr_ros.models.pretrained import load_pretrained


@pytest.fixture(scope='module')
def published():
    return mobilenet_v2(weights=None).state_dict()


def _load(source, name='mobilenet_v2'):
    backbone = backbone_kind(name).create()
    load_pretrained(backbone, name, str(source))
    return backbone


def test_none_leaves_the_random_weights():
    torch.manual_seed(0)
    loaded = _load('none').state_dict()
    torch.manual_seed(0)
    plain = backbone_kind('mobilenet_v2').create().state_dict()
    assert all(torch.equal(loaded[name], plain[name]) for name in plain)


@pytest.mark.parametrize('suffix', ['.pth', '.safetensors'])
def test_a_file_with_the_published_names(tmp_path, published, suffix):
    path = tmp_path / f'weights{suffix}'
    (save_file if suffix == '.safetensors' else torch.save)(published, path)
    loaded = _load(path).state_dict()
    for name, tensor in loaded.items():
        assert torch.equal(tensor, published[name.replace('blocks.', 'features.', 1)])


def test_weights_of_another_network_are_refused(tmp_path, published):
    path = tmp_path / 'weights.safetensors'
    save_file(published, path)
    with pytest.raises(ModelError, match='expected the published weights of efficientnet_lite0'):
        _load(path, 'efficientnet_lite0')


@pytest.mark.parametrize('name', ['weights.pth', 'weights.safetensors'])
@pytest.mark.parametrize('content', [b'', b'\x00' * 100, b'not tensors'])
def test_files_that_hold_no_tensors_are_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        _load(tmp_path / name)


def test_a_truncated_file_is_refused(tmp_path, published):
    path = tmp_path / 'weights.pth'
    torch.save(published, path)
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(ModelError, match='weights.pth'):
        _load(path)


class Malicious:

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize('write', [torch.save, lambda what, path: path.write_bytes(
    pickle.dumps(what, 2))], ids=['zip', 'plain'])
def test_a_pickle_is_never_executed(tmp_path, write):
    write({'features.0.0.weight': Malicious(tmp_path / 'owned')}, tmp_path / 'weights.pth')
    with pytest.raises(ModelError, match='weights.pth'):
        _load(tmp_path / 'weights.pth')
    assert not (tmp_path / 'owned').exists()


def test_what_is_no_flat_state_dict_is_refused(tmp_path, published):
    torch.save({'state_dict': published}, tmp_path / 'weights.pth')
    with pytest.raises(ModelError, match='flat state dict'):
        _load(tmp_path / 'weights.pth')


def test_a_missing_file_is_named():
    with pytest.raises(ModelError, match="imagenet, none or a file, found 'imagnet'"):
        _load('imagnet')


def test_without_a_network_one_line_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv('TORCH_HOME', str(tmp_path))
    monkeypatch.setenv('https_proxy', 'http://127.0.0.1:9')  # the discard port: nobody answers
    with pytest.raises(ModelError, match='give the file as weights, or use .*efficientnet_lite0'):
        _load('imagenet')
