# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""VLAD: what there is in an image, wherever it stands."""

import faiss
import numpy as np
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.errors import ModelError
from structvpr_ros.models.aggregators.principal import PrincipalChannels

# How sharply a local feature is assigned to the nearest centre, as a factor of their cosine
# (ours): at 10 the assignment says little, and no assignment at all is harder to learn from.
_SHARPNESS = 20.0
# Added to the variance of a channel within an image before its root divides: a channel that says
# nothing in an image is not made loud.
_FLOOR = 0.01
_ROUNDS = 15  # of k-means
_SAMPLES = 1000  # local features per centre that k-means sees


class Vlad(nn.Module):
    """
    Sums, for each of K centres, how the local features that belong to it differ from it.

    Arandjelovic et al., NetVLAD: CNN architecture for weakly supervised place recognition, CVPR
    2016, equation 4, on local features of fewer channels and unit length. Their channels have
    mean 0 and variance 1 within each image (Ulyanov et al., Instance normalization, 2016): what
    light or season add to a whole image is gone (ours).

    :param channels: C of the feature map.
    :param reduced: C' of the local features.
    :param centres: K.
    """

    def __init__(self, channels: int, reduced: int = 64, centres: int = 64) -> None:
        super().__init__()
        self.reduce = PrincipalChannels(channels, reduced)
        self.centres = nn.Parameter(functional.normalize(torch.randn(centres, reduced)))
        self.assign = nn.Conv2d(reduced, centres, 1)
        self.size = centres * reduced

    def forward(self, features: Tensor) -> Tensor:
        """Aggregate (N, C, h, w) to (N, K * C') of unit length."""
        local = self._local(features)
        shares = self.assign(local).softmax(dim=1).flatten(2)
        sums = shares @ local.flatten(2).transpose(1, 2)
        residuals = sums - shares.sum(dim=2, keepdim=True) * self.centres
        return functional.normalize(functional.normalize(residuals, dim=2).flatten(1))

    def _local(self, features: Tensor) -> Tensor:
        return functional.normalize(self.reduce(_within_image(features)))

    @torch.no_grad()
    def fit_to(self, features: Tensor) -> None:
        """
        Start from the k-means centres of feature maps (N, C, h, w).

        :raises ModelError: they have fewer positions than there are centres.
        """
        self.reduce.fit_to(_within_image(features))
        local = self._local(features).transpose(0, 1).flatten(1).T
        if len(local) < len(self.centres):
            raise ModelError(f'expected at least {len(self.centres)} local features to start '
                             f'from, found {len(local)}: use more or larger images')
        search = faiss.Kmeans(
            local.shape[1], len(self.centres), niter=_ROUNDS, seed=1,
            min_points_per_centroid=1, max_points_per_centroid=_SAMPLES)
        search.train(np.ascontiguousarray(local.cpu().numpy()))
        self.centres.copy_(torch.from_numpy(search.centroids))
        self.assign.weight.copy_(_SHARPNESS * self.centres[:, :, None, None])
        self.assign.bias.zero_()


def _within_image(features: Tensor) -> Tensor:
    return functional.instance_norm(features, eps=_FLOOR)
