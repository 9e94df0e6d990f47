# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage ``segment``: the images of a place data set get label maps from a user's model."""

from dataclasses import dataclass
import hashlib
import logging
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ConfigurationError, SegmentationError
from structvpr_ros.segmentation.label_folder import label_paths, read_record, write_record
from structvpr_ros.segmentation.label_output import label_map
from structvpr_ros.segmentation.label_set import LabelSet, load_label_set
from structvpr_ros.segmentation.network import open_network, SegmentationNetwork

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SegmentOptions:
    """
    Which images to label, by which model.

    :param dataset: a place data set; the label maps go into its labels/.
    :param model: torchvision:NAME (such as torchvision:deeplabv3_mobilenet_v3_large), or the
        path of an ONNX (.onnx) or TorchScript (.pt, .pth, .ts, .torchscript) file.
    :param label_set: the classes that the model gives: name of a label set of this package, or
        path of your own .yaml file.
    :param weights: for torchvision:NAME, a state dict (.safetensors, .pth) of your training.
        torchvision's own weights are not offered: they know the 21 Pascal VOC classes, among
        them no building and no road, which is useless for recognising places.
    :param input_size: height and width that images are resized to, as in ``[512,1024]``; by
        default what the file was exported for, or else each image's own size.
    :param mean: per RGB channel, of values in 0..1, subtracted from the image.
    :param std: per RGB channel, divides what is left; the defaults are ImageNet's.
    :param layout: of the data set; auto recognises it.
    """

    dataset: Path
    model: str
    label_set: str
    weights: Optional[Path] = None
    input_size: Optional[tuple[int, int]] = None
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    layout: LayoutName = 'auto'

    def __post_init__(self) -> None:
        if self.input_size is not None and min(self.input_size) < 1:
            raise ConfigurationError(
                f'expected input_size of at least 1 x 1, found {self.input_size}')
        if not np.isfinite([self.mean, self.std]).all() or min(self.std) <= 0:
            raise ConfigurationError('expected finite mean and positive std, '
                                     f'found {self.mean} and {self.std}')


def segment(options: SegmentOptions) -> Path:
    """
    Label the images of a place data set by a segmentation model; return the labels/ folder.

    Run it again to resume: label maps that the same model made are kept. Label maps that it did
    not make, or made with other options, are never touched.

    :raises SegmentationError: the model cannot be loaded or does not fit the label set, or
        labels/ holds other label maps.
    :raises DatasetError: the place data set is not in order.
    """
    label_set = load_label_set(options.label_set)
    table = read_dataset(options.dataset, options.layout)
    paths = label_paths(table)
    todo = [row for row, path in enumerate(paths) if not path.is_file()]
    network = open_network(options.model, options.weights, label_set)
    size = _input_size(options, network)
    record = _record(options, label_set)
    if len(todo) < len(paths):
        _check_record(table.root, record)
    else:
        write_record(table.root, record)
    for row in tqdm(todo, 'segment', unit='image'):
        image = read_image(table.image_path(row))
        try:
            output = network(_normalise(image, size, options))
            labels = label_map(output, label_set, image.shape[:2])
        except SegmentationError as error:
            raise SegmentationError(f'{table.images[row]}: {error}') from error
        write_image(paths[row], labels)
    folder = table.root / 'labels'
    _log.info('%d label maps in %s (%d kept from before)', len(paths), folder,
              len(paths) - len(todo))
    return folder


def _input_size(options: SegmentOptions,
                network: SegmentationNetwork) -> Optional[tuple[int, int]]:
    if options.input_size and network.input_size not in (None, options.input_size):
        raise SegmentationError(f'{options.model}: expected input_size {network.input_size}, '
                                f'which the file was exported for, found {options.input_size}')
    return network.input_size or options.input_size


def _normalise(image: NDArray[np.uint8], size: Optional[tuple[int, int]],
               options: SegmentOptions) -> NDArray[np.float32]:
    """Return an RGB image as the network's input, (1, 3, H, W) float32."""
    if size is not None:
        image = resize(image, size)
    mean, std = np.array([options.mean, options.std], np.float32)
    scaled = (image.astype(np.float32) / 255 - mean) / std
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def _record(options: SegmentOptions, label_set: LabelSet) -> dict[str, Any]:
    """Return what the label maps depend on, as plain values without this machine's paths."""
    files = [path for path in (Path(options.model), options.weights) if path and path.is_file()]
    return {
        'label_set': label_set.name, 'label_set_digest': label_set.digest(),
        'model': Path(options.model).name,
        'sha256': [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
        'input_size': options.input_size and list(options.input_size),
        'mean': list(options.mean), 'std': list(options.std)}


def _check_record(root: Path, record: dict[str, Any]) -> None:
    found = read_record(root)
    if found is None:
        raise SegmentationError(f'{root / "labels"}: expected no label maps but those of '
                                'segment, found others: move them away')
    differing = [name for name in record if found.get(name) != record[name]]
    if differing:
        raise SegmentationError(
            f'{root / "labels"}: expected label maps made with the same options, found others '
            f'in {", ".join(differing)}: move them away to start anew')
