# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whether published weights are those of a network."""

from typing import Mapping

from torch import nn, Tensor

from structvpr_ros.errors import ModelError


def check_fit(network: nn.Module, tensors: Mapping[str, Tensor], source: object,
              what: str) -> None:
    """
    Check that there is a tensor of the right shape for each that a network has.

    :param tensors: may hold more than the network needs.
    :param source: where they come from, for messages; as ``what``, whose weights they are.
    :raises ModelError: a tensor is missing or of another shape.
    """
    wanted = network.state_dict()
    misfits = [name for name in wanted
               if name not in tensors or tensors[name].shape != wanted[name].shape]
    if misfits:
        raise ModelError(f'{source}: expected the published weights of {what}; missing or of '
                         f'another shape: {len(misfits)} of {len(wanted)}, first {misfits[0]}')
