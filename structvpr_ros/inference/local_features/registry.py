# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of local features by name; each is loaded only when it is asked for."""

from typing import Callable, Literal

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.local_features.features import Extractor
from structvpr_ros.inference.local_features.matcher import Matcher, MutualMatcher

FeatureKind = Literal['xfeat', 'sift', 'orb']

# How alike two of a kind must be; that of XFeat is the one that its authors match by.
_MATCHERS = {'xfeat': MutualMatcher(0.82), 'sift': MutualMatcher(0.85), 'orb': MutualMatcher(0.5)}


def create_extractor(kind: FeatureKind, engine: EngineKind = 'onnx',
                     threads: int = 0) -> Extractor:
    """
    Make an extractor.

    :param engine: what runs its network, if it has one, as ``threads`` of ``open_network``.
    :raises ConfigurationError: there is no such kind, or the engine is missing.
    :raises ModelError: its network cannot be loaded.
    """
    if kind not in _EXTRACTORS:
        raise ConfigurationError(
            f'expected local features of kind {", ".join(_EXTRACTORS)}, found {kind!r}')
    return _EXTRACTORS[kind](engine, threads)


def create_matcher(kind: FeatureKind) -> Matcher:
    """Make the matcher of a kind, of which there is an extractor."""
    return _MATCHERS[kind]


def _xfeat(engine: EngineKind, threads: int) -> Extractor:
    from structvpr_ros.inference.local_features.xfeat_extractor import XFeatExtractor
    return XFeatExtractor(engine, threads)


def _sift(engine: EngineKind, threads: int) -> Extractor:
    from structvpr_ros.inference.local_features.handmade import sift
    return sift()


def _orb(engine: EngineKind, threads: int) -> Extractor:
    from structvpr_ros.inference.local_features.handmade import orb
    return orb()


_EXTRACTORS: dict[str, Callable[[EngineKind, int], Extractor]] = {
    'xfeat': _xfeat, 'sift': _sift, 'orb': _orb}
