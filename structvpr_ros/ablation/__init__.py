# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The ablation: many trainings that differ in what is distilled, and what came of each.

It only calls what the commands call; nothing imports it but its command.
"""
