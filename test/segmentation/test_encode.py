# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage encode: right maps, in parallel as in series, resumable, mistakes before the work."""

from pathlib import Path
import shutil
import signal
import subprocess
import sys
import time
from typing import Callable

import cv2
import numpy as np
import pytest

from structvpr_ros.cli.command import EXIT_INTERRUPTED
from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, read_label_map
from structvpr_ros.errors import (
    ConfigurationError, DatasetError, ImageError, SegmentationError)
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.encode import encode, EncodeOptions
from structvpr_ros.segmentation.label_folder import write_record
from structvpr_ros.segmentation.label_set import load_label_set
from structvpr_ros.segmentation.slme import group_map, resize_labels

MakeDataset = Callable[..., Path]


def options(root: Path, **changes) -> EncodeOptions:
    return EncodeOptions(**{'dataset': root, 'label_set': 'camvid', 'size': (24, 32), **changes})


def stored(folder: Path) -> dict[str, int]:
    """Give the finished group maps with their times; a kill may leave hidden files beside."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns
            for path in sorted(folder.glob('groups/*/[!.]*'))}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in stored(folder)}


def test_every_map_is_the_resized_labels_clustered(make_dataset: MakeDataset) -> None:
    root = make_dataset(6)
    folder = encode(options(root))
    cache, table = SlmeCache.open(folder), read_place_dataset(root)
    assert folder == root.resolve() / 'slme' and cache.size == (24, 32)
    label_set = load_label_set('camvid')
    assert (cache.label_set, cache.label_set_digest) == ('camvid', label_set.digest())
    cache.require(table.images)
    for row, image in enumerate(table.images):
        labels = resize_labels(read_label_map(table.label_path(row)), (24, 32))
        np.testing.assert_array_equal(cache.read(image), group_map(labels, label_set))
    assert read_image(folder / 'preview.png').shape[2] == 3


def test_each_class_may_be_a_channel(make_dataset: MakeDataset, tmp_path: Path) -> None:
    root = make_dataset(3)
    label_set = load_label_set('camvid')
    cache = SlmeCache.open(encode(options(root, output=tmp_path / 'one', channels='classes')))
    assert cache.groups == tuple(label_set.names[i] for i in range(11))
    table = read_place_dataset(root)
    for row, image in enumerate(table.images):
        labels = resize_labels(read_label_map(table.label_path(row)), (24, 32))
        np.testing.assert_array_equal(cache.read(image), np.where(labels < 11, labels + 1, 0))
    with pytest.raises(SegmentationError, match='6 groups and size .*found .*11 groups'):
        encode(options(root, output=tmp_path / 'one'))


def test_parallel_equals_serial(make_dataset: MakeDataset, tmp_path: Path) -> None:
    root = make_dataset(12)
    one = encode(options(root, output=tmp_path / 'one', workers=1))
    many = encode(options(root, output=tmp_path / 'many', workers=4))
    assert contents(one) == contents(many) and len(contents(one)) == 12
    assert (one / 'preview.png').read_bytes() == (many / 'preview.png').read_bytes()


def test_what_is_stored_and_unchanged_is_kept(make_dataset: MakeDataset) -> None:
    root = make_dataset(6)
    folder = encode(options(root))
    before = stored(folder)
    changed = root / 'labels/sunny/0002.png'
    cv2.imwrite(str(changed), np.full((48, 64), 3, np.uint8))
    (folder / 'groups/night/0003.png').unlink()
    # A touched label map is not a changed one.
    (root / 'labels/sunny/0000.png').touch()
    encode(options(root))
    after = stored(folder)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {
        'groups/sunny/0002.png', 'groups/night/0003.png'}
    assert (SlmeCache.open(folder).read('images/sunny/0002.jpg') == 4).all()


@pytest.mark.parametrize('how, code', [
    (signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, EXIT_INTERRUPTED)])
def test_resume_after_an_end(make_dataset: MakeDataset, how: signal.Signals, code: int) -> None:
    root = make_dataset(400)
    whole = contents(encode(options(root)))
    shutil.rmtree(root / 'slme')
    command = [sys.executable, '-m', 'structvpr_ros.cli.encode', '--dataset', str(root),
               '--label_set', 'camvid', '--size', '[24, 32]', '--workers', '1']
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while len(stored(root / 'slme')) < 120 and time.monotonic() < deadline:
            time.sleep(0.001)
        process.send_signal(how)
    assert process.returncode == code
    partial = stored(root / 'slme')
    assert 120 <= len(partial) < 400
    # No half file: what has its name is whole.
    assert all(whole[name] == (root / 'slme' / name).read_bytes() for name in partial)
    encode(options(root))
    resumed = stored(root / 'slme')
    assert {name: (root / 'slme' / name).read_bytes() for name in resumed} == whole
    # At most the maps since the last commit of the index were made again.
    assert sum(resumed[name] == partial[name] for name in partial) >= 64


def test_another_label_set_or_size_is_refused(make_dataset: MakeDataset) -> None:
    root = make_dataset(2)
    folder = encode(options(root))
    before = contents(folder)
    with pytest.raises(SegmentationError, match=r"'ade20k'.*\(24, 32\), found 'camvid'.*remove"):
        encode(options(root, label_set='ade20k'))
    with pytest.raises(SegmentationError, match=r'\(12, 16\), found .*\(24, 32\)'):
        encode(options(root, size=(12, 16)))
    assert contents(folder) == before


def test_an_output_with_other_files_is_refused(make_dataset: MakeDataset) -> None:
    root = make_dataset(2)
    for output in (root / 'images', root / 'places.csv'):
        with pytest.raises(SegmentationError, match='found other files'):
            encode(options(root, output=output))
    assert sorted(path.name for path in (root / 'images').iterdir()) == ['night', 'sunny']


def test_a_missing_label_map_stops_it_before_any_work(make_dataset: MakeDataset) -> None:
    root = make_dataset(5)
    (root / 'labels/sunny/0004.png').unlink()
    with pytest.raises(SegmentationError, match='0004.png.*1 of 5'):
        encode(options(root))
    assert not (root / 'slme').exists()


def test_an_unknown_id_names_image_id_and_label_set(make_dataset: MakeDataset) -> None:
    root = make_dataset(5)
    labels = np.zeros((48, 64), np.uint8)
    labels[0, 0] = 77  # A corner that resizing does not keep.
    cv2.imwrite(str(root / 'labels/night/0003.png'), labels)
    assert 77 not in resize_labels(labels, (12, 16))
    with pytest.raises(SegmentationError) as caught:
        encode(options(root, size=(12, 16)))
    for part in ('labels/night/0003.png', 'images/night/0003.jpg', 'class id 77', "'camvid'"):
        assert part in str(caught.value)
    # Mended, the run goes on where it stopped.
    cv2.imwrite(str(root / 'labels/night/0003.png'), labels * 0)
    assert len(contents(encode(options(root, size=(12, 16))))) == 5


@pytest.mark.parametrize('pixels', [
    np.zeros((48, 64), np.uint16), np.zeros((48, 64, 3), np.uint8)])
def test_other_than_8_bit_single_channel(make_dataset: MakeDataset, pixels: np.ndarray) -> None:
    root = make_dataset(3)
    cv2.imwrite(str(root / 'labels/night/0001.png'), pixels)
    with pytest.raises(ImageError, match='0001.png: expected an 8-bit single-channel'):
        encode(options(root))


@pytest.mark.parametrize('share', [0, 0.1, 0.5, 0.95])
def test_a_truncated_label_map(make_dataset: MakeDataset, share: float) -> None:
    root = make_dataset(3)
    path = root / 'labels/night/0001.png'
    path.write_bytes(path.read_bytes()[:int(share * path.stat().st_size)])
    with pytest.raises(ImageError, match='0001.png'):
        encode(options(root))


@pytest.mark.parametrize('shape, fits', [
    ((48, 64), True), ((24, 32), True), ((96, 128), True), ((23, 32), True),
    ((64, 48), False), ((48, 48), False), ((36, 64), False)])
def test_the_aspect_must_be_the_images(make_dataset: MakeDataset, shape: tuple[int, int],
                                       fits: bool) -> None:
    root = make_dataset(2)
    cv2.imwrite(str(root / 'labels/night/0001.png'), np.zeros(shape, np.uint8))
    if fits:
        encode(options(root))
    else:
        with pytest.raises(SegmentationError, match=f'0001.*64 x 48, found {shape[1]} x '):
            encode(options(root))


def test_label_maps_of_another_segmentation_are_refused(make_dataset: MakeDataset) -> None:
    root = make_dataset(2)
    other = load_label_set('cityscapes_train_id')
    write_record(root, {'label_set': other.name, 'label_set_digest': other.digest()})
    with pytest.raises(SegmentationError, match="'camvid'.*segment made.*'cityscapes_train_id'"):
        encode(options(root))
    encode(options(root, label_set='cityscapes_train_id'))


def test_a_bad_data_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match='places.csv'):
        encode(options(tmp_path))


@pytest.mark.parametrize('changes', [{'size': (0, 32)}, {'workers': -1}])
def test_impossible_options(tmp_path: Path, changes: dict) -> None:
    with pytest.raises(ConfigurationError):
        options(tmp_path, **changes)


CAMVID = Path(__file__).resolve().parents[3] / 'shared' / 'data' / 'camvid'


@pytest.mark.skipif(not CAMVID.is_dir(), reason='shared/data/camvid is not beside the repository')
def test_camvid(tmp_path: Path) -> None:
    names = [path.stem for path in sorted((CAMVID / 'images').iterdir())[::50]]
    for name in names:
        for relative in (f'images/{name}.jpg', f'labels/{name}.png'):
            (tmp_path / relative).parent.mkdir(exist_ok=True)
            shutil.copy(CAMVID / relative, tmp_path / relative)
    lines = ['image,place', *(f'{name}.jpg,{name}' for name in names)]
    (tmp_path / 'places.csv').write_text('\n'.join(lines))
    cache = SlmeCache.open(encode(options(tmp_path, size=(240, 320))))
    maps = np.stack([cache.read(f'images/{name}.jpg') for name in names])
    assert set(np.unique(maps)) == set(range(7))
    # A street: sky is in the upper half, ground in the lower.
    assert (maps[:, :120] == 5).sum() > 10 * (maps[:, 120:] == 5).sum()
    assert (maps[:, 120:] == 4).sum() > 10 * (maps[:, :120] == 4).sum()
    sizes = [cache.group_path(f'images/{name}.jpg').stat().st_size for name in names]
    assert max(sizes) < 6 * 240 * 320 * 4 / 100


def test_label_maps_are_taken_where_a_public_layout_has_them(tmp_path: Path) -> None:
    track = tmp_path / 'campus'
    lines = ['front_cam_ts,back_cam_ts,tx,ty,qx,qy,qz,qw']
    for frame in range(5):
        for camera, stamp in (('front_cam', 2 * frame), ('back_cam', 2 * frame + 1)):
            for folder in (camera, f'masks/{camera}'):
                path = track / folder / f'{stamp}.png'
                path.parent.mkdir(parents=True, exist_ok=True)
                assert cv2.imwrite(str(path), np.full((48, 64), frame, np.uint8))
        lines.append(f'{2 * frame},{2 * frame + 1},{frame},0,0,0,0,1')
    (track / 'track.csv').write_text('\n'.join(lines) + '\n')
    cache = SlmeCache.open(encode(options(track, label_set='itlp_campus')))
    assert cache.read('back_cam/3.png').shape == (24, 32)
    assert cache.group_path('back_cam/3.png') == (
        cache.folder / 'groups' / 'back_cam' / '3.png')
