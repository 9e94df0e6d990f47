# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
One thin file per ``ros2 run structvpr_ros NAME``: flags in, one call, lines out.

No logic lives here: a command names its stage and how its result is told. Nothing imports it.
"""
