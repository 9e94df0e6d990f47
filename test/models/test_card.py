# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The model card: round trip, and every way in which a card on disk can be wrong."""

from dataclasses import replace
import subprocess
import sys

import pytest
import yaml

from structvpr_ros.errors import ModelError
from structvpr_ros.models.card import CARD, ModelCard
from structvpr_ros.storage import file_hash

RGB = ModelCard(
    branch='rgb', backbone='mobilenet_v2', aggregator='gem', channels=3, input_size=(120, 160),
    descriptor_size=448, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225),
    fingerprint='ab12', training={'epochs': 3, 'backbone': 'Straße'}, scores={'R@1': 0.5})
SEG = replace(RGB, branch='seg', channels=2, mean=(0.0, 0.0), std=(1.0, 1.0),
              groups=('structure', 'sky'), weights=(1.0, 0.5))


@pytest.mark.parametrize('card', [RGB, SEG], ids=['rgb', 'seg'])
def test_round_trip(tmp_path, card):
    card.save(tmp_path)
    assert ModelCard.load(tmp_path) == card


def test_saving_replaces_an_older_card(tmp_path):
    RGB.save(tmp_path)
    SEG.save(tmp_path)
    assert ModelCard.load(tmp_path) == SEG
    assert [path.name for path in tmp_path.iterdir()] == [CARD]


@pytest.mark.parametrize('name, value', [
    ('branch', 'depth'), ('backbone', 3), ('channels', 0), ('channels', True),
    ('input_size', [120]), ('input_size', 120), ('input_size', [120, -1]),
    ('descriptor_size', 'many'), ('mean', [0.1]), ('mean', [0.1, 0.2, float('nan')]),
    ('std', [0.1, 0.0, 0.1]), ('scores', {'R@1': 'high'}), ('files', ['model.onnx']),
    ('training', None), ('groups', 'sky')])
def test_a_wrong_value_is_named(tmp_path, name, value):
    _store(tmp_path, {name: value})
    with pytest.raises(ModelError, match=name):
        ModelCard.load(tmp_path)


@pytest.mark.parametrize('name', ['groups', 'weights'])
def test_a_seg_card_needs_one_group_and_weight_per_channel(tmp_path, name):
    SEG.save(tmp_path)
    stored = yaml.safe_load((tmp_path / CARD).read_text())
    (tmp_path / CARD).write_text(yaml.safe_dump({**stored, name: stored[name][:1]}))
    with pytest.raises(ModelError, match=f'expected 2 values as {name}, found 1'):
        ModelCard.load(tmp_path)


def test_missing_and_unknown_fields_are_named(tmp_path):
    _store(tmp_path, {'colour': 'blue'}, without='backbone')
    with pytest.raises(ModelError, match='missing: backbone, unknown: colour'):
        ModelCard.load(tmp_path)


@pytest.mark.parametrize('text', [
    '', '- a\n', 'just text', 'format: 2\n', '{', '\x00', 'a: !!python/object:os.system {}'])
def test_what_is_no_card_is_refused(tmp_path, text):
    (tmp_path / CARD).write_text(text)
    with pytest.raises(ModelError, match=CARD):
        ModelCard.load(tmp_path)


def test_no_bundle_at_all(tmp_path):
    with pytest.raises(ModelError, match='expected a model bundle'):
        ModelCard.load(tmp_path / 'nowhere')


def test_check_file(tmp_path):
    path = tmp_path / 'model.onnx'
    path.write_bytes(b'some bytes')
    card = replace(RGB, files={'model.onnx': file_hash(path)})
    assert card.check_file(tmp_path, 'model.onnx') == path
    path.write_bytes(b'some bites')
    with pytest.raises(ModelError, match='corrupt or changed'):
        card.check_file(tmp_path, 'model.onnx')
    path.unlink()
    with pytest.raises(ModelError, match='found none'):
        card.check_file(tmp_path, 'model.onnx')
    with pytest.raises(ModelError, match='lists no model.safetensors'):
        card.check_file(tmp_path, 'model.safetensors')


def test_the_card_needs_no_torch():
    code = 'import sys; import structvpr_ros.models.card; sys.exit("torch" in sys.modules)'
    assert subprocess.run([sys.executable, '-c', code], check=False).returncode == 0


def _store(folder, changes, without=None):
    RGB.save(folder)
    stored = {**yaml.safe_load((folder / CARD).read_text()), **changes}
    stored.pop(without, None)
    (folder / CARD).write_text(yaml.safe_dump(stored))
