# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One training in several processes, on one machine or more, as torchrun starts them."""

import os
from typing import Union

from lightning.pytorch.utilities import rank_zero_only


def is_first() -> bool:
    """Return whether this process is the one that writes what the training leaves."""
    return rank_zero_only.rank == 0


def layout(devices: Union[int, str]) -> dict[str, Union[int, str]]:
    """
    Return Lightning's flags for how many processes there are.

    Under torchrun that is settled already, and ``devices`` says nothing.
    """
    if 'TORCHELASTIC_RUN_ID' not in os.environ:
        return {'devices': devices}
    here, everywhere = (int(os.environ[name]) for name in ('LOCAL_WORLD_SIZE', 'WORLD_SIZE'))
    return {'devices': here, 'num_nodes': everywhere // here}
