# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: what a user may write, and what is refused."""

import pytest

from structvpr_ros.ablation.encoding import Encoding
from structvpr_ros.ablation.options import AblationOptions, POSTER
from structvpr_ros.ablation.setting import Setting
from structvpr_ros.errors import ConfigurationError


def test_groups_and_what_is_changed_beside():
    assert Setting.parse('none') == Setting('none', 'none', {})
    assert Setting.parse('weighted+rank_threshold=5+strength=0.3') == Setting(
        'weighted+rank_threshold=5+strength=0.3', 'weighted',
        {'rank_threshold': 5, 'strength': 0.3})
    assert Setting.parse('level+encoding=one_hot+strength=3') == Setting(
        'level+encoding=one_hot+strength=3', 'level', {'strength': 3.0}, Encoding.ONE_HOT)


@pytest.mark.parametrize('text', [
    '', 'd5', 'weighted+', 'weighted+margin=1', 'weighted+rank_threshold=many',
    '+strength=1', 'weighted+strength', 'weighted+encoding=rgb', '../none'])
def test_others_are_refused(text):
    with pytest.raises(ConfigurationError, match='setting'):
        Setting.parse(text)


@pytest.mark.parametrize('change', [
    {'settings': ['none', 'none']}, {'settings': []}, {'seeds': 0}, {'settings': ['best']}])
def test_options_that_make_no_ablation(tmp_path, change):
    with pytest.raises(ConfigurationError):
        AblationOptions(dataset=tmp_path, output=tmp_path, **change)


def test_the_poster_is_the_default(tmp_path):
    options = AblationOptions(dataset=tmp_path, output=tmp_path, tuples=7)
    assert tuple(setting.group for setting in options.parsed_settings()) == POSTER
    assert options.slme_of(Encoding.ONE_HOT) == tmp_path / 'slme_classes'
    assert options.slme_of(Encoding.CLUSTERED) == options.slme_of(Encoding.WEIGHTED)
    common = options.of_one_training(3, tmp_path / 'x')
    assert (common['seed'], common['output'], common['tuples']) == (3, tmp_path / 'x', 7)
