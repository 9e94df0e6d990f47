# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration's own error."""

from structvpr_ros.errors import StructVPRError


class DemoError(StructVPRError):
    """A stage of the demonstration failed, or the live node disagrees with the Localizer."""
