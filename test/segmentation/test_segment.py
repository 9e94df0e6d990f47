# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage segment: right label maps beside the images, resumable, nobody's maps overwritten."""

from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Callable

import cv2
import numpy as np
import onnx
from onnx import helper, TensorProto
import pytest

from structvpr_ros.data.image_files import read_image, read_label_map
from structvpr_ros.errors import ConfigurationError, SegmentationError
from structvpr_ros.segmentation.encode import encode, EncodeOptions
from structvpr_ros.segmentation.segment import segment, SegmentOptions

MakeDataset = Callable[..., Path]
PLAIN = {'mean': (0.0, 0.0, 0.0), 'std': (1.0, 1.0, 1.0)}


def write_model(path: Path, channels: int = 0, size: tuple = ('h', 'w')) -> Path:
    """
    Write an ONNX network that reads the class id off the red channel, which is 20 times the id.

    :param channels: give that many logits, highest at the id; 0 gives the ids themselves.
    """
    constants = {'red': np.float32([255 / 20, 0, 0]).reshape(1, 3, 1, 1), 'axis': np.array([1]),
                 'classes': np.arange(max(channels, 1), dtype=np.float32).reshape(1, -1, 1, 1)}
    nodes = [helper.make_node('Mul', ['images', 'red'], ['weighted']),
             helper.make_node('ReduceSum', ['weighted', 'axis'], ['summed'], keepdims=1),
             helper.make_node('Round', ['summed'], ['ids']),
             helper.make_node('Sub', ['ids', 'classes'], ['difference']),
             helper.make_node('Abs', ['difference'], ['distance']),
             helper.make_node('Neg', ['distance'], ['logits'])]
    graph = helper.make_graph(
        nodes, 'segmenter',
        [helper.make_tensor_value_info('images', TensorProto.FLOAT, (1, 3, *size))],
        [helper.make_tensor_value_info('logits' if channels else 'ids', TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13)],
                                ir_version=8), str(path))
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / 'model.onnx')


def options(root: Path, model: Path, **changes) -> SegmentOptions:
    return SegmentOptions(**{'dataset': root, 'model': str(model), 'label_set': 'camvid',
                             **PLAIN, **changes})


def name(row: int) -> str:
    return f'{("sunny", "night")[row % 2]}/{row:04}.png'


def true_ids(root: Path, row: int) -> np.ndarray:
    path = (root / 'images' / name(row)).with_suffix('.jpg')
    return np.rint(read_image(path)[..., 0] / 20)


def stored(root: Path) -> dict[str, int]:
    return {str(path.relative_to(root)): path.stat().st_mtime_ns
            for path in sorted(root.glob('labels/*/[!.]*.png'))}


@pytest.mark.parametrize('channels', [0, 11, 12])
def test_label_maps_lie_beside_the_images_at_their_size(
        make_dataset: MakeDataset, tmp_path: Path, channels: int) -> None:
    root = make_dataset(3, with_labels=False)
    if channels == 11:
        # Eleven channels know no void, id 11: paint it as id 0.
        for path in (root / 'images').rglob('*.jpg'):
            image = cv2.imread(str(path))
            cv2.imwrite(str(path), np.where(image > 210, 0, image))
    folder = segment(options(root, write_model(tmp_path / 'model.onnx', channels)))
    assert folder == root.resolve() / 'labels'
    for row in range(3):
        labels = read_label_map(root / 'labels' / name(row))
        np.testing.assert_array_equal(labels, true_ids(root, row))
    # What comes out goes into encode.
    encode(EncodeOptions(root, 'camvid', size=(24, 32)))


def test_a_static_input_size_is_taken_from_the_file(make_dataset: MakeDataset,
                                                    tmp_path: Path) -> None:
    root = make_dataset(2, with_labels=False)
    model = write_model(tmp_path / 'model.onnx', size=(6, 8))
    segment(options(root, model))
    labels = read_label_map(root / 'labels/night/0001.png')
    # 6 x 8 blocks of 8 x 8 pixels: nothing is lost on the way down and up.
    np.testing.assert_array_equal(labels, true_ids(root, 1))
    with pytest.raises(SegmentationError, match=r'input_size \(6, 8\).*found \(12, 16\)'):
        segment(options(root, model, input_size=(12, 16)))


def test_normalisation(make_dataset: MakeDataset, model: Path) -> None:
    root = make_dataset(1, with_labels=False)
    # (x - 0) / 2 halves the red channel, and so the id.
    segment(options(root, model, std=(2.0, 1.0, 1.0)))
    np.testing.assert_array_equal(read_label_map(root / 'labels/sunny/0000.png'),
                                  np.rint(true_ids(root, 0) / 2))


def test_resume(make_dataset: MakeDataset, model: Path) -> None:
    root = make_dataset(4, with_labels=False)
    segment(options(root, model))
    before = stored(root)
    (root / 'labels/night/0001.png').unlink()
    segment(options(root, model))
    after = stored(root)
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} == {'labels/night/0001.png'}


def test_resume_after_a_kill(make_dataset: MakeDataset, model: Path) -> None:
    root = make_dataset(400, with_labels=False)
    command = [sys.executable, '-m', 'structvpr_ros.cli.segment', '--dataset', str(root),
               '--model', str(model), '--label_set', 'camvid', '--mean', '[0, 0, 0]',
               '--std', '[1, 1, 1]']
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while len(stored(root)) < 40 and time.monotonic() < deadline:
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    partial = stored(root)
    assert 40 <= len(partial) < 400
    segment(options(root, model))
    resumed = stored(root)
    assert len(resumed) == 400
    assert all(resumed[key] == partial[key] for key in partial)
    for row in range(0, 400, 50):
        np.testing.assert_array_equal(read_label_map(root / 'labels' / name(row)),
                                      true_ids(root, row))


def test_label_maps_of_others_are_never_touched(make_dataset: MakeDataset, model: Path) -> None:
    root = make_dataset(3)
    (root / 'labels/night/0001.png').unlink()
    before = stored(root)
    with pytest.raises(SegmentationError, match='labels: expected no label maps but those of'):
        segment(options(root, model))
    assert stored(root) == before


@pytest.mark.parametrize('changes, differing', [
    ({'label_set': 'cityscapes_train_id'}, 'label_set, label_set_digest'),
    ({'input_size': (24, 32)}, 'input_size'), ({'std': (1.0, 1.0, 2.0)}, 'std')])
def test_other_options_are_refused(make_dataset: MakeDataset, model: Path, changes: dict,
                                   differing: str) -> None:
    root = make_dataset(2, with_labels=False)
    segment(options(root, model))
    before = stored(root)
    with pytest.raises(SegmentationError, match=f'found others in {differing}: move them away'):
        segment(options(root, model, **changes))
    assert stored(root) == before


def test_another_model_of_the_same_name_is_refused(make_dataset: MakeDataset,
                                                   model: Path) -> None:
    root = make_dataset(2, with_labels=False)
    segment(options(root, model))
    write_model(model, channels=12)
    with pytest.raises(SegmentationError, match='found others in sha256'):
        segment(options(root, model))


def test_a_wrong_number_of_classes_leaves_nothing_in_the_way(make_dataset: MakeDataset,
                                                             tmp_path: Path) -> None:
    root = make_dataset(2, with_labels=False)
    with pytest.raises(SegmentationError, match='images/sunny/0000.jpg: expected 12 or 11 cl'):
        segment(options(root, write_model(tmp_path / 'wrong.onnx', 19)))
    assert stored(root) == {}
    segment(options(root, write_model(tmp_path / 'right.onnx', 12)))


def test_an_id_outside_the_label_set_names_the_image(make_dataset: MakeDataset,
                                                     model: Path) -> None:
    root = make_dataset(2, with_labels=False)
    cv2.imwrite(str(root / 'images/night/0001.jpg'), np.full((48, 64, 3), 240, np.uint8))
    with pytest.raises(SegmentationError, match='images/night/0001.jpg: class id 12 is not in'):
        segment(options(root, model))


@pytest.mark.parametrize('changes', [
    {'input_size': (0, 4)}, {'std': (1.0, 0.0, 1.0)}, {'mean': (float('nan'), 0.0, 0.0)}])
def test_impossible_options(tmp_path: Path, changes: dict) -> None:
    with pytest.raises(ConfigurationError):
        options(tmp_path, tmp_path / 'model.onnx', **changes)
