# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The model bundle on disk: a card beside weights, checked when loaded; never a pickle."""

from dataclasses import replace
import hashlib
import json
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
import torch

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.card import ModelCard, ONNX, WEIGHTS
from structvpr_ros.storage import file_hash, replacing_file


def save_bundle(folder: Path, branch: Branch, card: ModelCard) -> ModelCard:
    """
    Write a bundle into a folder, replacing an older one there.

    The card goes last: a bundle whose writing was cut short is refused by its hashes. An
    exported network of the older weights is removed with them.

    :param card: what to say of the net; its fingerprint and file hashes are filled in here.
    :return: the card as written.
    """
    folder = Path(folder)
    weights = {name: tensor.detach().cpu().contiguous()
               for name, tensor in branch.state_dict().items()}
    with replacing_file(folder / WEIGHTS) as aside:
        save_file(weights, aside)
    (folder / ONNX).unlink(missing_ok=True)
    card = replace(card, fingerprint=fingerprint(card, weights),
                   files={WEIGHTS: file_hash(folder / WEIGHTS)})
    card.save(folder)
    return card


def load_branch(folder: Path) -> Branch:
    """
    Load the network of a bundle, in evaluation mode.

    :raises ModelError: no bundle, a file that is missing, corrupt or changed, or weights that
        do not fit the card.
    """
    folder = Path(folder)
    card = ModelCard.load(folder)
    path = card.check_file(folder, WEIGHTS)
    try:
        weights = load_file(path)
        branch = Branch(card.backbone, card.aggregator, card.channels)
        branch.load_state_dict(weights)
    except (SafetensorError, ConfigurationError, RuntimeError) as error:
        raise ModelError(f'{path}: does not fit its card: {error}') from error
    if branch.descriptor_size != card.descriptor_size:
        raise ModelError(f'{folder}: the card says descriptors of {card.descriptor_size}, '
                         f'the network gives {branch.descriptor_size}')
    if fingerprint(card, weights) != card.fingerprint:
        raise ModelError(f'{folder}: the fingerprint {card.fingerprint[:12]!r} of the card is '
                         'not that of its network: card and weights do not belong together')
    return branch.eval()


def fingerprint(card: ModelCard, weights: dict[str, torch.Tensor]) -> str:
    """
    Return a SHA-256 over all that decides the descriptor of an image, hexadecimal.

    That is the architecture, the input's size and normalisation, and every tensor's name, type,
    shape and bytes. How it was trained and what it scored do not count.
    """
    architecture = [
        card.branch, card.backbone, card.aggregator, card.channels, list(card.input_size),
        card.descriptor_size, list(card.mean), list(card.std), list(card.groups),
        list(card.weights)]
    digest = hashlib.sha256(json.dumps(architecture).encode())
    for name in sorted(weights):
        tensor = weights[name].detach().cpu().contiguous()
        digest.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
