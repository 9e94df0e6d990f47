# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The student that comes with the package; docs/student.md says how it came about."""

from pathlib import Path

SHIPPED_STUDENT = Path(__file__).resolve().parent / 'student'
