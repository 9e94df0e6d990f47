# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Folders of photographs, and where and when each was taken as its EXIF header has it.

What is made of them is in ``place_map``; no descriptor belongs here.
"""
