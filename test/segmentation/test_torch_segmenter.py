# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Networks that torch runs: TorchScript files, and torchvision's with a user's weights."""

import argparse
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file
import torch
from torch import nn
import torchvision

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.label_set import load_label_set
from structvpr_ros.segmentation.torch_segmenter import open_torchscript, open_torchvision

CAMVID = load_label_set('camvid')
IMAGES = np.random.default_rng(1).normal(size=(1, 3, 6, 8)).astype(np.float32)
# Deprecated by torch, but what users have on disk.
pytestmark = pytest.mark.filterwarnings('ignore:`torch.jit:FutureWarning')


class Tensor(nn.Module):

    def forward(self, images):
        return images * 2


class Named(nn.Module):

    def forward(self, images):
        return {'out': images * 2, 'aux': images}


class Several(nn.Module):

    def forward(self, images):
        return images * 2, images


class Nothing(nn.Module):

    def forward(self, images):
        return {'logits': images}


class Failing(nn.Module):

    def forward(self, images):
        return images.reshape(7)


def script(module: nn.Module, path: Path) -> Path:
    torch.jit.script(module).save(str(path))
    return path


@pytest.mark.parametrize('module', [Tensor(), Named(), Several()])
def test_a_torchscript_file(tmp_path: Path, module: nn.Module) -> None:
    segmenter = open_torchscript(script(module, tmp_path / 'model.pt'))
    assert segmenter.input_size is None
    np.testing.assert_array_equal(segmenter(IMAGES), IMAGES * 2)


def test_a_torchscript_file_that_gives_something_else(tmp_path: Path) -> None:
    segmenter = open_torchscript(script(Nothing(), tmp_path / 'model.pt'))
    with pytest.raises(SegmentationError, match='model.pt: expected a tensor'):
        segmenter(IMAGES)


def test_a_torchscript_file_that_fails(tmp_path: Path) -> None:
    segmenter = open_torchscript(script(Failing(), tmp_path / 'model.pt'))
    with pytest.raises(SegmentationError, match=r'model.pt: .*\(1, 3, 6, 8\)') as caught:
        segmenter(IMAGES)
    assert '\n' not in str(caught.value)


def test_what_is_no_torchscript(tmp_path: Path) -> None:
    (tmp_path / 'text.pt').write_text('no model')
    (tmp_path / 'empty.pt').touch()
    torch.save({'weight': torch.zeros(1)}, tmp_path / 'state.pt')
    for name in ('text.pt', 'empty.pt', 'state.pt'):
        with pytest.raises(SegmentationError, match=f'{name}: torch cannot load') as caught:
            open_torchscript(tmp_path / name)
        assert '\n' not in str(caught.value)


def network(classes: int) -> nn.Module:
    torch.manual_seed(0)
    return torchvision.models.get_model('lraspp_mobilenet_v3_large', weights=None,
                                        weights_backbone=None, num_classes=classes).eval()


@pytest.mark.parametrize('classes, suffix', [(12, '.pth'), (11, '.safetensors')])
def test_a_torchvision_network(tmp_path: Path, classes: int, suffix: str) -> None:
    own = network(classes)
    path = tmp_path / f'weights{suffix}'
    if suffix == '.pth':
        torch.save(own.state_dict(), path)
    else:
        save_file(own.state_dict(), path)
    images = np.random.default_rng(1).normal(size=(1, 3, 32, 48)).astype(np.float32)
    with torch.inference_mode():
        expected = own(torch.from_numpy(images))['out'].numpy()
    logits = open_torchvision('lraspp_mobilenet_v3_large', path, CAMVID)(images)
    assert logits.shape == (1, classes, 32, 48)
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_an_auxiliary_head_is_built_where_the_weights_have_one(tmp_path: Path) -> None:
    own = torchvision.models.get_model('deeplabv3_mobilenet_v3_large', weights=None,
                                       weights_backbone=None, num_classes=12, aux_loss=True)
    torch.save(own.state_dict(), tmp_path / 'weights.pth')
    open_torchvision('deeplabv3_mobilenet_v3_large', tmp_path / 'weights.pth', CAMVID)
    with pytest.raises(SegmentationError, match='expected the weights of lraspp'):
        open_torchvision('lraspp_mobilenet_v3_large', tmp_path / 'weights.pth', CAMVID)


def test_weights_of_another_number_of_classes(tmp_path: Path) -> None:
    torch.save(network(21).state_dict(), tmp_path / 'weights.pth')
    with pytest.raises(SegmentationError) as caught:
        open_torchvision('lraspp_mobilenet_v3_large', tmp_path / 'weights.pth', CAMVID)
    assert "with 12 or 11 classes (label set 'camvid')" in str(caught.value)
    assert '\n' not in str(caught.value)


def test_weights_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / 'text.pth').write_text('no weights')
    (tmp_path / 'text.safetensors').write_text('no weights')
    # A training checkpoint as torchvision's reference scripts write it: not plain tensors.
    torch.save({'model': {}, 'args': argparse.Namespace(lr=1)}, tmp_path / 'checkpoint.pth')
    torch.save({'model': {'weight': torch.zeros(1)}}, tmp_path / 'nested.pth')
    torch.save([torch.zeros(1)], tmp_path / 'list.pth')
    for name in ('text.pth', 'text.safetensors', 'checkpoint.pth', 'nested.pth', 'list.pth',
                 'missing.pth'):
        with pytest.raises(SegmentationError, match=f'{name}: expected ') as caught:
            open_torchvision('lraspp_mobilenet_v3_large', tmp_path / name, CAMVID)
        assert '\n' not in str(caught.value) and 'weights_only' not in str(caught.value)


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    class Hostile:

        def __reduce__(self):
            return Path.touch, (tmp_path / 'ran',)

    torch.save({'weight': Hostile()}, tmp_path / 'weights.pth')
    with pytest.raises(SegmentationError, match='weights.pth'):
        open_torchvision('lraspp_mobilenet_v3_large', tmp_path / 'weights.pth', CAMVID)
    assert not (tmp_path / 'ran').exists()
