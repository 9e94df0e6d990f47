# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Bundles that were trained in seconds, on the tiny town."""

from pathlib import Path

import pytest

from structvpr_ros.training.stage_one import train, TrainOptions

SIZE = (32, 40)


@pytest.fixture(scope='session')
def brief() -> dict:
    """Give options under which a training takes a second."""
    return {'epochs': 2, 'tuples': 8, 'batch': 4, 'accelerator': 'cpu', 'devices': 1}


@pytest.fixture(scope='session')
def trained(town, brief, tmp_path_factory) -> Path:
    """Give the folder with the bundles ``seg`` and ``rgb`` of stage one."""
    output = tmp_path_factory.mktemp('trained')
    train(TrainOptions(dataset=town, output=output, input_size=SIZE, weights='none',
                       backbone='mobilenet_v2', **brief))
    return output
