# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""config/train.yaml lists every option of train, with its default."""

from dataclasses import asdict
from pathlib import Path

import yaml

from structvpr_ros.training.stage_one import TrainOptions

CONFIG = Path(__file__).resolve().parents[2] / 'config' / 'train.yaml'
# What has no default, or one that is made from another option.
GIVEN = {'dataset', 'output', 'slme'}


def test_the_file_holds_the_defaults() -> None:
    listed = yaml.safe_load(CONFIG.read_text(encoding='utf-8'))
    defaults = asdict(TrainOptions(dataset=Path('d'), output=Path('o')))
    listed['input_size'] = tuple(listed['input_size'])
    assert listed == {name: value for name, value in defaults.items() if name not in GIVEN}
