# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Readers of the layouts that public data sets come in, one file each.

A reader takes the folder that the official download was unpacked into, moves and writes nothing
there, and returns a ``PlaceTable``. It raises ``DatasetError`` saying what it missed; where to
get the data set stands in ``data.layouts``, which knows all readers.
"""
