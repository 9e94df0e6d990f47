# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The quantised variant of an exported bundle: made, compared, and kept if it is good enough."""

from dataclasses import replace
from functools import partial
import logging
from pathlib import Path
from typing import Callable

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ModelError
from structvpr_ros.inference.comparison import ask, compare, Comparison
from structvpr_ros.inference.image_batches import image_batches
from structvpr_ros.inference.onnx_engine import create_session, OnnxEngine, run_session
from structvpr_ros.inference.quantized_graph import quantized_graph
from structvpr_ros.models.card import ModelCard, ONNX, ONNX_INT8
from structvpr_ros.storage import file_hash, replacing_file

_CALIBRATION_IMAGES = 64
_BATCH = 8

_logger = logging.getLogger(__name__)

Describe = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def quantize(bundle: Path, table: PlaceTable, max_recall_loss: float) -> Comparison:
    """
    Add model_int8.onnx to an exported bundle, calibrated on images of its user.

    The ranges come from images that are searched; the queries, by which it is judged, have no
    part in them unless the data set has no splits.

    :param max_recall_loss: points of R@1 that it may lose.
    :return: how it compares to float32; the card's scores hold it, too.
    :raises ModelError: it loses more, and is not kept; or the bundle is not exported.
    :raises DatasetError: nothing can be measured by the table.
    """
    engine = OnnxEngine(bundle)
    card, question = engine.card, ask(table)
    graph = quantized_graph(bundle / ONNX, tqdm(
        _few_images(question.database, card), 'calibrating', leave=False, unit='image'))
    session = create_session(graph, card)
    tables = question.queries, question.database
    comparison = compare(
        question, tuple(_describe(engine.describe, card, part) for part in tables),
        tuple(_describe(partial(run_session, session), card, part) for part in tables))
    _logger.info('%s: %s', bundle / ONNX_INT8, comparison)
    # Written so that NaN fails too.
    if not comparison.loss <= max_recall_loss:
        raise ModelError(f'{bundle}: int8 loses {comparison.loss:.1f} points of R@1, expected at '
                         f'most {max_recall_loss:g}: it is not kept. Calibrate on images more '
                         "like the robot's, or stay with float32")
    _keep(bundle, card, graph, comparison)
    return comparison


def _few_images(table: PlaceTable, card: ModelCard) -> list[NDArray[np.uint8]]:
    rows = np.linspace(0, len(table) - 1, min(_CALIBRATION_IMAGES, len(table))).round()
    return [resize(read_image(table.image_path(int(row))), card.input_size) for row in rows]


def _describe(describe: Describe, card: ModelCard, table: PlaceTable) -> NDArray[np.float32]:
    loads = [partial(read_image, table.image_path(row)) for row in range(len(table))]
    batches = image_batches(loads, card.input_size, _BATCH)
    return np.concatenate([describe(images) for images in tqdm(
        batches, 'comparing', -(-len(loads) // _BATCH), leave=False, unit='batch')])


def _keep(bundle: Path, card: ModelCard, graph: bytes, comparison: Comparison) -> None:
    path = bundle / ONNX_INT8
    with replacing_file(path) as aside:
        aside.write_bytes(graph)
    told = {'int8 cosine': comparison.mean_cosine, 'int8 R@1': comparison.mixed / 100,
            'float32 R@1': comparison.before / 100}
    replace(card, files={**card.files, ONNX_INT8: file_hash(path)},
            scores={**card.scores, **{name: round(value, 4) for name, value in told.items()}}
            ).save(bundle)
