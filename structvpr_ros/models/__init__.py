# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The networks and the model bundle: backbones, aggregators, the two branches, what lies on disk.

No loss, no optimiser and no data set belongs here. ``card`` is free of torch, since the node
reads model cards without it; everything else here may import torch, nothing may import lightning.
"""
