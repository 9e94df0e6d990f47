# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The demonstration: the whole way from a rendered town to the live node, stage by stage.

It only calls what the commands call; nothing imports it but its command.
"""
