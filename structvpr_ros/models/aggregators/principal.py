# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Principal components, as layers that training goes on from."""

import torch
from torch import nn, Tensor

# Part of the largest variance that is added to each before its root divides: directions in which
# nearly nothing varies would be little but noise, made loud.
_FLOOR = 1e-3
# Part of the largest variance below which a direction has none, but for rounding.
_NOTHING = 1e-6


class PrincipalChannels(nn.Conv2d):
    """
    Fewer channels, by a 1x1 convolution that may start as a projection on principal components.

    :param inputs: C.
    :param outputs: C', at most C.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 1)

    @torch.no_grad()
    def fit_to(self, features: Tensor) -> None:
        """
        Project (N, C, h, w) like these on their first components, centred.

        Where fewer channels vary, the outputs beyond them start at zero.
        """
        mean, components, _ = _principal(features.transpose(0, 1).flatten(1).T)
        directions = components[:self.out_channels]
        self.weight.zero_()
        self.weight[:len(directions), :, 0, 0] = directions
        self.bias.copy_(-self.weight[:, :, 0, 0] @ mean)


class Whitening(nn.Linear):
    """
    A linear layer that may start as principal components of equal variance.

    Jegou and Chum, Negative evidences and co-occurrences in image retrieval: the benefit of PCA
    and whitening, ECCV 2012.

    :param inputs: F.
    :param outputs: D.
    """

    @torch.no_grad()
    def fit_to(self, vectors: Tensor) -> None:
        """
        Whiten vectors like these, (N, F).

        Of few vectors come few components: the outputs beyond them start at zero.
        """
        mean, components, variances = _principal(vectors)
        scales = (variances + _FLOOR * variances[0]).rsqrt()
        directions = (components * scales[:, None])[:self.out_features]
        self.weight.zero_()
        self.weight[:len(directions)] = directions
        self.bias.copy_(-self.weight @ mean)


def _principal(samples: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean (F,), components (R, F) and variances (R,) of samples (S, F), largest first."""
    mean = samples.mean(dim=0)
    centred = samples - mean
    if len(samples) > samples.shape[1]:
        variances, columns = torch.linalg.eigh(centred.T @ centred / len(samples))
        variances, components = variances.flip(0), columns.flip(1).T
    else:
        _, spreads, components = torch.linalg.svd(centred, full_matrices=False)
        variances = spreads.square() / len(samples)
    varied = variances > _NOTHING * variances[0]
    return mean, components[varied], variances[varied]
