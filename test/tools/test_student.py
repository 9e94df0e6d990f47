# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the shipped student is trained on: walks that become places, and sets that are joined."""

import csv
from importlib import import_module
from pathlib import Path
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.proximity import Proximity, relate
from structvpr_ros.models.aggregators.layout_share import LEAST
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ONNX
from structvpr_ros.models.shipped import SHIPPED_STUDENT

TOOLS = Path(__file__).resolve().parents[2] / 'tools' / 'student'


def run(script: str, *arguments: Path) -> None:
    subprocess.run([sys.executable, TOOLS / script, *arguments], check=True, timeout=120)


@pytest.fixture
def tower(tmp_path: Path) -> Path:
    """Give two walks of nine frames each, in the layout of IE Tower, as places."""
    source = tmp_path / 'source'
    frames = [(f'f{floor}_hall_frame_{number:06d}.jpg', f'floor{floor}', 'hall',
               'query' if number % 5 == 0 else 'gallery')
              for floor in (1, 2) for number in range(9)]
    for row, (name, *_) in enumerate(frames):
        write_image(source / 'images' / name, np.full((6, 8, 3), 10 * row, np.uint8))
    with (source / 'frames.csv').open('w', newline='', encoding='utf-8') as file:
        csv.writer(file).writerows([('image', 'floor', 'area', 'split'), *frames])
    run('ietower_to_places.py', source, tmp_path / 'tower')
    return tmp_path / 'tower'


def test_frames_of_a_walk_are_near_when_their_numbers_are(tower: Path) -> None:
    table = read_place_dataset(tower)
    # Of each walk the gallery: frames 1 to 4 and 6 to 8.
    assert table.splits == ('train',) * 14
    relations = relate(table, table, Proximity(positive_radius=5, negative_radius=7))
    assert [row.tolist() for row in relations.positives[:3]] == [[1, 2], [0, 2, 3], [0, 1, 3]]
    assert max(relations.excluded[6]) == 6 and min(relations.excluded[7]) == 7


def test_joined_sets_keep_their_images_and_lie_apart(tower: Path, tiny_dataset: Path,
                                                     tmp_path: Path) -> None:
    other = tmp_path / 'other'
    shutil.copytree(tiny_dataset, other)
    run('join_places.py', tmp_path / 'joined', tower, other)
    joined, parts = read_place_dataset(tmp_path / 'joined'), [
        read_place_dataset(folder) for folder in (tower, other)]
    assert len(joined) == sum(map(len, parts))
    assert joined.splits == parts[0].splits + parts[1].splits
    last = len(joined) - 1
    np.testing.assert_array_equal(read_image(joined.image_path(last)),
                                  read_image(parts[1].image_path(len(parts[1]) - 1)))
    first, second = joined.positions[:len(parts[0])], joined.positions[len(parts[0]):]
    assert np.linalg.norm(first[:, None] - second[None], axis=2).min() > 9e5


@torch.no_grad()
def test_a_sharpened_student_decides_by_the_squares_of_its_shares(tmp_path: Path) -> None:
    bundle = tmp_path / 'student'
    shutil.copytree(SHIPPED_STUDENT, bundle)
    generator = torch.Generator().manual_seed(0)
    features = torch.rand(8, 112, 1, 1, generator=generator).expand(8, 112, 15, 20)

    def share() -> torch.Tensor:
        layout = load_branch(bundle).aggregator.layout_share(features).double()
        return (layout - LEAST) / (1 - 2 * LEAST)

    before = share()
    run('sharpen.py', bundle)
    torch.testing.assert_close(
        share(), before ** 2 / (before ** 2 + (1 - before) ** 2), atol=1e-3, rtol=0)
    assert before.std() > 0.01
    assert not (bundle / ONNX).exists()


def test_commands_of_the_recipe_have_the_options_they_are_given(monkeypatch, capsys) -> None:
    recipe = (TOOLS / 'train.sh').read_text(encoding='utf-8').replace('\\\n', ' ')
    lines = re.findall(r'^ros2 run structvpr_ros (\w+) (.*)$', recipe, re.MULTILINE)
    assert [command for command, _ in lines] == [
        'render_town', 'encode', 'train', 'train', 'distill', 'export']
    for command, given in lines:
        monkeypatch.setattr(sys, 'argv', [command, '--help'])
        with pytest.raises(SystemExit):
            import_module(f'structvpr_ros.cli.{command}').main()
        known = set(re.findall(r'--\w+', capsys.readouterr().out))
        assert set(re.findall(r'--\w+', given)) <= known
