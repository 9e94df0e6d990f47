# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whether two maps can answer for each other."""

from structvpr_ros.errors import StructVPRError
from structvpr_ros.place_map.place_map import PlaceMap


def check_alike(first: PlaceMap, other: PlaceMap, error: type[StructVPRError]) -> None:
    """
    Check that maps were built by one model, in one frame, around one origin.

    :param error: what is raised where they were not; the message names the difference.
    """
    for name in ('fingerprint', 'frame_id', 'origin'):
        expected, found = getattr(first.meta, name), getattr(other.meta, name)
        if found != expected:
            raise error(f'{other.folder}: expected the {name} of {first.folder}, {expected}; '
                        f'found {found}')
