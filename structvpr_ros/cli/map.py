# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The command ``ros2 run structvpr_ros map``: what one does with a map that is there."""

import sys

from structvpr_ros.cli.command import run_one_of
from structvpr_ros.evaluation.calibrate import calibrate_map, CalibrateOptions
from structvpr_ros.evaluation.map_report import MapReportOptions, report_map
from structvpr_ros.place_map.add import add_to_map, AddOptions
from structvpr_ros.place_map.export import export_map, ExportMapOptions
from structvpr_ros.place_map.inspect_map import check_map, map_info, MapOptions
from structvpr_ros.place_map.merge import merge_maps, MergeOptions
from structvpr_ros.place_map.milvus_publish import publish_map, PublishOptions
from structvpr_ros.place_map.remove import remove_from_map, RemoveOptions

STAGES = {
    'info': (map_info, MapOptions),
    'check': (check_map, MapOptions),
    'add': (add_to_map, AddOptions),
    'remove': (remove_from_map, RemoveOptions),
    'merge': (merge_maps, MergeOptions),
    'calibrate': (calibrate_map, CalibrateOptions),
    'report': (report_map, MapReportOptions),
    'export': (export_map, ExportMapOptions),
    'publish': (publish_map, PublishOptions),
}


def main() -> None:
    """Tell, check, add to, remove from, merge, calibrate, report on, export or publish maps."""
    raise SystemExit(run_one_of('map', STAGES, sys.argv[1:]))


if __name__ == '__main__':
    main()
