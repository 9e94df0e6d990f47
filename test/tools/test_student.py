# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the shipped student is trained on: walks that become places, and sets that are joined."""

import csv
from dataclasses import replace
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
from structvpr_ros.models.branch import Branch
from structvpr_ros.models.bundle import load_branch, save_bundle
from structvpr_ros.models.card import ModelCard, ONNX
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
def test_a_student_decides_like_the_other_but_clearer(tmp_path: Path) -> None:
    student, other = tmp_path / 'student', tmp_path / 'other'
    shutil.copytree(SHIPPED_STUDENT, student)
    torch.manual_seed(0)
    network = Branch('efficientnet_lite0', 'vlads_gem_cells', 3)
    torch.nn.init.normal_(network.aggregator.layout_share.logit.weight, std=0.05)
    save_bundle(other, network, replace(
        ModelCard.load(SHIPPED_STUDENT), aggregator='vlads_gem_cells'))
    features = torch.rand(8, 112, 1, 1).expand(8, 112, 15, 20)

    def logits(bundle: Path) -> torch.Tensor:
        share = load_branch(bundle).aggregator.layout_share
        return torch.logit((share(features).double() - LEAST) / (share.most.double() - LEAST))

    before = load_branch(student).state_dict()
    run('take_share.py', student, other)
    assert logits(other).std() > 0.1
    torch.testing.assert_close(logits(student), 2 * (logits(other) - 0.25), atol=0.02, rtol=0)
    after = load_branch(student).state_dict()
    assert all(torch.equal(value, after[name].to(value.dtype)) for name, value in before.items()
               if 'layout_share' not in name)
    assert not (student / ONNX).exists()


def test_commands_of_the_recipe_have_the_options_they_are_given(monkeypatch, capsys) -> None:
    recipe = (TOOLS / 'train.sh').read_text(encoding='utf-8').replace('\\\n', ' ')
    lines = re.findall(r'^ros2 run structvpr_ros (\w+) (.*)$', recipe, re.MULTILINE)
    assert [command for command, _ in lines] == [
        'render_town', 'encode', 'train', 'train', 'distill', 'train', 'export']
    for command, given in lines:
        monkeypatch.setattr(sys, 'argv', [command, '--help'])
        with pytest.raises(SystemExit):
            import_module(f'structvpr_ros.cli.{command}').main()
        known = set(re.findall(r'--\w+', capsys.readouterr().out))
        assert set(re.findall(r'--\w+', given)) <= known
