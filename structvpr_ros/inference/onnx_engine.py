# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The engine of the robot: ONNX Runtime, on the CPU or an NVIDIA GPU, without PyTorch."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import onnxruntime

from structvpr_ros.errors import ModelError
from structvpr_ros.inference.engine import (check_descriptors, check_images, load_network_file,
                                            load_rgb_card, NotOnThisMachine)
from structvpr_ros.inference.engine_choice import EngineChoice, Precision, Provider
from structvpr_ros.models.card import ModelCard

INPUT = 'image'
OUTPUT = 'descriptor'

_PROVIDERS = {'cpu': 'CPUExecutionProvider', 'cuda': 'CUDAExecutionProvider',
              'tensorrt': 'TensorrtExecutionProvider'}


class OnnxEngine:
    """Runs an ONNX file of a bundle; see ``engine.Engine``."""

    def __init__(self, bundle: Path, threads: int = 0, provider: Provider = 'cpu',
                 precision: Precision = 'float32') -> None:
        """
        Load the exported network of a bundle.

        :param bundle: folder of an RGB model bundle.
        :param threads: for the work within one operator; 0 takes one per physical core.
        :param provider: cpu, cuda or tensorrt.
        :param precision: float32 or int8.
        :raises ModelError: the bundle is bad or not exported, or the network does not fit it.
        :raises NotOnThisMachine: the provider does not run here.
        """
        choice = EngineChoice('onnx', provider, precision)
        self.card = load_rgb_card(Path(bundle))
        self.name = str(choice)
        path, network = load_network_file(Path(bundle), self.card, choice.file)
        try:
            self._session = create_session(network, self.card, threads, provider)
        except ModelError as error:
            raise ModelError(f'{path}: {error}') from error

    @property
    def descriptor_size(self) -> int:
        """Return D, the length of a descriptor."""
        return self.card.descriptor_size

    def describe(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Describe uint8 (N, height, width, 3) as float32 (N, D); see ``engine.Engine``."""
        check_images(images, self.card)
        descriptors = run_session(self._session, images)
        check_descriptors(descriptors, len(images), self.card)
        return descriptors


def create_session(network: bytes, card: ModelCard, threads: int = 0,
                   provider: Provider = 'cpu') -> onnxruntime.InferenceSession:
    """
    Load a serialised ONNX network that maps images to descriptors.

    :raises ModelError: no ONNX network, or one with another input or output than the card says.
    :raises NotOnThisMachine: the provider does not run here.
    """
    wanted, known = _PROVIDERS[provider], onnxruntime.get_available_providers()
    if wanted not in known:
        raise NotOnThisMachine(f'provider {provider}: expected an ONNX Runtime with {wanted}, '
                               f'found one with {", ".join(known)}: install onnxruntime-gpu')
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that spin between images are a little faster and cost a robot whole cores.
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            network, options, providers=[wanted])
    # Its exceptions share no base of their own.
    except Exception as error:
        raise ModelError(f'ONNX Runtime cannot load it: {error}') from error
    # Where its libraries are missing, ONNX Runtime says so on stderr and takes the CPU.
    if wanted not in session.get_providers():
        raise NotOnThisMachine(f'provider {provider}: expected the libraries that {wanted} '
                               'needs, found some missing: see what ONNX Runtime said above')
    _check_signature(session, card)
    return session


def run_session(session: onnxruntime.InferenceSession,
                images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """
    Run the network on uint8 (N, height, width, 3).

    :raises ModelError: the network fails on them.
    """
    try:
        return session.run([OUTPUT], {INPUT: images})[0]
    except Exception as error:
        raise ModelError(f'ONNX Runtime cannot run the network: {error}') from error


def _check_signature(session: onnxruntime.InferenceSession, card: ModelCard) -> None:
    # The first dimension, the number of images, is a name, since it is open.
    expected = [(INPUT, 'tensor(uint8)', [*card.input_size, 3]),
                (OUTPUT, 'tensor(float)', [card.descriptor_size])]
    ends = [*session.get_inputs(), *session.get_outputs()]
    found = [(end.name, end.type, end.shape[1:]) for end in ends]
    if found != expected or any(isinstance(end.shape[0], int) for end in ends):
        raise ModelError(f'expected a network from {expected[0]} to {expected[1]} for any number '
                         f'of images, found {[(end.name, end.type, end.shape) for end in ends]}')
