# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The errors that a user can cause: what was expected, what was found, and where."""


class StructVPRError(Exception):
    """Base of all errors of this package; a command prints it as one line and exits 2."""


class ImageError(StructVPRError):
    """An image cannot be read, decoded or used."""


class SegmentationError(StructVPRError):
    """A label map, a label set or a segmentation model does not fit."""


class ModelError(StructVPRError):
    """A model bundle or an engine is missing, corrupt or does not fit."""


class MapError(StructVPRError):
    """A place map is missing, corrupt or built by another model."""


class DatasetError(StructVPRError):
    """A place data set has a bad row, a missing file or too little to work with."""


class ConfigurationError(StructVPRError):
    """An option has a value that cannot work."""


class StoreError(MapError):
    """A server that holds a map does not answer, or not as it should."""
