# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where the map of the node is, by its parameters."""

from pathlib import Path
from typing import Any, Optional

from rclpy.node import Node

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.place_map.milvus_client import MilvusOptions


def configured_stores(node: Node) -> tuple[Optional[Path], Optional[MilvusOptions]]:
    """
    Return the folder of the map and the server that has it; either may be None, not both.

    :raises ConfigurationError: there is neither, or the server's parameters cannot work.
    """
    def value(name: str) -> Any:
        return node.get_parameter(name).value

    folder = Path(value('map')) if value('map') else None
    if value('store') == 'milvus':
        return folder, MilvusOptions(value('store_uri'), value('store_collection'),
                                     value('store_timeout'))
    if folder is None:
        raise ConfigurationError('parameter map: expected a folder, found none: '
                                 'start with --ros-args -p map:=FOLDER')
    return folder, None
