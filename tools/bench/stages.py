# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(a) The stages of one frame: decode, preprocess, engine, search, decide, publish."""

from pathlib import Path
from typing import Any, Callable, Mapping

import cv2
from in_turn import in_turn, summary
import numpy as np
import rclpy
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header
from vision_msgs.msg import Classification
from world import picture, SIZES

from structvpr_ros.data.image_messages import decode_compressed, decode_image
from structvpr_ros.data.resize import resize
from structvpr_ros.inference.engine import Engine
from structvpr_ros.matching.decision import Decision
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.matching.recognition import Recognition
from structvpr_ros.node.messages import to_classification, to_image
from structvpr_ros.place_map.place_map import PlaceMap

_PLACES = 5


def stages(engines: Mapping[str, Engine], map_folder: Path,
           seconds: float) -> dict[str, dict[str, Any]]:
    """Return times by stage; those of the engines as ``engine NAME``."""
    size = next(iter(engines.values())).card.input_size
    resized = resize(picture(480, 640), size)[np.newaxis]
    runs: dict[str, Callable[[], object]] = {}
    for name, shape in SIZES.items():
        runs.update(_of_size(name, picture(*shape), size))
    runs.update({f'engine {name}': lambda engine=engine: engine.describe(resized)
                 for name, engine in engines.items()})
    node = rclpy.create_node('bench_stages')
    try:
        runs.update(_answering(node, PlaceMap.open(map_folder),
                               next(iter(engines.values())).describe(resized)[0]))
        return {name: summary(taken) for name, taken in
                in_turn(runs, seconds, 'stages of a frame').items()}
    finally:
        node.destroy_node()


def _of_size(name: str, image: np.ndarray, size: tuple[int, int]) -> dict[str, Callable]:
    raw: Image = to_image(image, Header())
    jpeg = CompressedImage(format='jpeg', data=cv2.imencode('.jpg', image)[1].tobytes())
    return {f'decode raw {name}': lambda: decode_image(raw),
            f'decode JPEG {name}': lambda: decode_compressed(jpeg),
            f'preprocess {name}': lambda: resize(image, size)}


def _answering(node: Any, place_map: PlaceMap, descriptor: np.ndarray) -> dict[str, Callable]:
    publisher = node.create_publisher(Classification, 'vpr/place', 10)
    candidates = rank_places(place_map, descriptor, _PLACES)
    recognition = Recognition(0.0, candidates, True, {})
    decision, header = Decision(), Header()
    return {
        f'search {len(place_map)}': lambda: rank_places(place_map, descriptor, _PLACES),
        'decide': lambda: decision.accepts(candidates),
        'publish': lambda: publisher.publish(to_classification(recognition, header))}
