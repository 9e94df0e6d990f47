# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The report of an evaluation: one HTML page with plots and pictures, which opens anywhere.

Only what shows numbers belongs here; what computes them lies one floor up.
"""
