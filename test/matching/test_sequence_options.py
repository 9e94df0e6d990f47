# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of the sequence filter: which values are refused."""

import math

import pytest

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.sequence_options import SequenceOptions


@pytest.mark.parametrize(('name', 'value'), [
    ('max_speed', 0.0), ('max_speed', math.inf), ('row_spacing', -1.0), ('max_gap', 0.0),
    ('max_gap', math.nan), ('odometry_noise', -0.1), ('tolerance', math.nan),
    ('kidnapped', 0.0), ('kidnapped', 1.0), ('contrast', 1.0), ('contrast', math.inf)])
def test_values_that_cannot_work(name, value):
    with pytest.raises(ConfigurationError, match=f'expected {name} .*, found {value}'):
        SequenceOptions(**{name: value})


def test_the_edges_that_can():
    SequenceOptions(odometry_noise=0.0, tolerance=0.0)
