# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Where images and their places come from: the place-image table, its readers, the town.

Readers live here, one file per layout on disk, and all return the same ``PlaceTable``. No
network, no descriptor and no ROS type belongs here.
"""
