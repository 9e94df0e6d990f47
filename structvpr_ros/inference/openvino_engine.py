# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engine for processors of Intel: OpenVINO, in float32, bfloat16 or int8."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import openvino

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.engine import (check_descriptors, check_images, load_network_file,
                                            load_rgb_card)
from structvpr_ros.inference.engine_choice import EngineChoice, Precision
from structvpr_ros.inference.onnx_engine import INPUT, OUTPUT
from structvpr_ros.inference.openvino_network import OpenVinoNetwork
from structvpr_ros.models.card import ModelCard


class OpenVinoEngine:
    """Runs an ONNX file of a bundle, one image at a time; see ``engine.Engine``."""

    def __init__(self, bundle: Path, threads: int = 0, precision: Precision = 'float32') -> None:
        """
        Load and compile the exported network of a bundle.

        :param bundle: folder of an RGB model bundle.
        :param threads: of the engine; 0 takes one per physical core.
        :param precision: float32, bfloat16, or int8, whose parts that are not quantised run in
            float32.
        :raises ModelError: the bundle is bad or not exported, or the network does not fit it.
        :raises NotOnThisMachine: the processor has no bfloat16.
        """
        choice = EngineChoice('openvino', 'cpu', precision)
        self.card = load_rgb_card(Path(bundle))
        self.name = str(choice)
        path, network = load_network_file(Path(bundle), self.card, choice.file)
        try:
            self._network = OpenVinoNetwork(
                network, threads, precision, self._prepare,
                (self.card.input_size, self.card.descriptor_size))
        except ModelError as error:
            raise ModelError(f'{path}: {error}') from error

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""
        return self.card.descriptor_size

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Describe uint8 (N, height, width, 3) as float32 (N, D); see ``engine.Engine``."""
        check_images(images, self.card)
        descriptors = np.concatenate([self._run(image) for image in images])
        # In bfloat16 the network's last step is good to 1 in 256 only.
        with np.errstate(invalid='ignore', divide='ignore'):
            descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
        check_descriptors(descriptors, len(images), self.card)
        return descriptors

    def _run(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._network.run({INPUT: np.ascontiguousarray(image)[np.newaxis]}, (OUTPUT,))[0]

    def _prepare(self, model: openvino.Model) -> None:
        _check_signature(model, self.card)
        # For one image at a time it compiles a network that takes two thirds of the time of one
        # for any number of images.
        model.reshape({INPUT: [1, *self.card.input_size, 3]})


def _check_signature(model: openvino.Model, card: ModelCard) -> None:
    # The first dimension, the number of images, is open.
    expected = [(INPUT, 'u8', ['?', *map(str, card.input_size), '3']),
                (OUTPUT, 'f32', ['?', str(card.descriptor_size)])]
    found = [(end.get_any_name(), end.get_element_type().get_type_name(),
              [str(side) for side in end.get_partial_shape()])
             for end in (*model.inputs, *model.outputs)]
    if found != expected:
        raise ModelError(f'expected a network from {expected[0]} to {expected[1]}, found {found}')
