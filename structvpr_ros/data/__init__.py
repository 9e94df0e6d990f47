# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Where images and their places come from: the place-image table, its readers, bags, the town.

Readers live here, one file per layout on disk, and all return the same ``PlaceTable``. Messages
are read by their fields alone, so that nothing here needs an installation of ROS. No network
and no descriptor belongs here.
"""
