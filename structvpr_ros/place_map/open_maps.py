# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The two homes of a map: a folder on the robot, and a server that may not answer."""

import logging
from pathlib import Path
from typing import Optional

from structvpr_ros.errors import ConfigurationError, StoreError
from structvpr_ros.place_map.alike import check_alike
from structvpr_ros.place_map.milvus_client import MilvusOptions
from structvpr_ros.place_map.place_map import PlaceMap

_logger = logging.getLogger(__name__)


def open_maps(folder: Optional[Path],
              milvus: Optional[MilvusOptions] = None) -> tuple[PlaceMap, Optional[PlaceMap]]:
    """
    Open the map to search, and the one to fall back on where that is on a server.

    A server that does not answer now is not asked again: the map of the folder is the one to
    search then.

    :param folder: of a map; with a server it may be None.
    :param milvus: the server; None searches the folder.
    :return: the map, and the map of the folder where the first one is on a server, or None.
    :raises MapError: a map is bad, or the server does not answer and there is no folder.
    :raises ConfigurationError: neither is given, or the two are of different models or frames.
    """
    if folder is None and milvus is None:
        raise ConfigurationError('expected the folder of a map or a server that has one, '
                                 'found neither')
    local = None if folder is None else PlaceMap.open(folder)
    if milvus is None:
        return local, None
    # Here, so that a map in a folder needs nothing of it.
    from structvpr_ros.place_map.milvus_map import open_milvus_map
    try:
        remote = open_milvus_map(milvus)
    except StoreError as error:
        if local is None:
            raise
        _logger.warning('going on with the map in %s: %s', folder, error)
        return local, None
    if local is not None:
        check_alike(remote, local, ConfigurationError)
    return remote, local
