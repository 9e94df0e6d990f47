# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluation of model bundles, of a map, and of peers, on one place data set."""

from dataclasses import dataclass, field
import logging
from pathlib import Path
from typing import Optional, Union

from structvpr_ros.data.layouts import find_layout, LayoutName
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation.bootstrap import Bootstrap
from structvpr_ros.evaluation.described import DescriptorCache
from structvpr_ros.evaluation.extracted import FeatureCache
from structvpr_ros.evaluation.knowledge import compare_knowledge
from structvpr_ros.evaluation.peers import Peer
from structvpr_ros.evaluation.report.page import write_page
from structvpr_ros.evaluation.reranked import RerankedSystem
from structvpr_ros.evaluation.results import Evaluation, judge_system, write_json
from structvpr_ros.evaluation.systems import map_system, model_system, peer_system, System
from structvpr_ros.evaluation.trial import map_table, Trial
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.local_features.kinds import MatchKind, WeightFiles
from structvpr_ros.matching.verification import Geometry
from structvpr_ros.place_map.place_map import PlaceMap

_logger = logging.getLogger(__name__)

JSON, PAGE = 'scores.json', 'report.html'


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions:
    """
    What is evaluated, and on what.

    :param dataset: folder of a place data set, or of a public one as it was downloaded.
    :param layout: of the data set; auto recognises it.
    :param models: folders of model bundles of either branch, each named after its folder.
    :param descriptors: peers to score beside them, each as NAME=QUERIES.npy,MAP.npy: float
        arrays (Q, D) and (N, D) in the order of the images of query_split, and of map_split or
        of the map; compared by cosine.
    :param map: folder of a place map that is searched instead of the images of map_split; the
        models must have built it.
    :param map_split: split of the images that are searched.
    :param query_split: split of the images that are looked up.
    :param slme: folder of the SLME cache, needed for bundles of the SEG branch; ``slme`` in the
        data set if not given.
    :param proximity: what counts as the same place; the rule of the data set's own evaluation
        if not given.
    :param engine: what runs bundles of the RGB branch: torch, onnx or openvino, or auto for the
        best of them.
    :param rerank: local features by which the first answers of each system, but of the SEG branch,
        are re-ranked, each kind as another system beside it: xfeat, sift, orb; and with PyTorch
        xfeat_lighterglue, aliked_lightglue, disk_lightglue, superpoint, superpoint_superglue,
        superpoint_lightglue.
    :param weights: files that the kinds of superpoint need.
    :param geometry: what matches must obey: fundamental for any scene, homography for flat ones.
    :param bootstrap: how confidence intervals are estimated.
    :param cache: folder where descriptors and local features are kept for the next time;
        ``descriptors`` in the data set if not given.
    :param output: folder for scores.json and report.html, a page that needs nothing else to be
        read; none are written if not given.
    """

    dataset: Path
    layout: LayoutName = 'auto'
    models: list[Path] = field(default_factory=list)
    descriptors: Union[str, list[str]] = field(default_factory=list)
    map: Optional[Path] = None
    map_split: str = 'test_map'
    query_split: str = 'test_query'
    slme: Optional[Path] = None
    proximity: Optional[Proximity] = None
    engine: EngineKind = 'torch'
    rerank: Union[MatchKind, list[MatchKind]] = field(default_factory=list)
    weights: WeightFiles = field(default_factory=WeightFiles)
    geometry: Geometry = 'fundamental'
    bootstrap: Bootstrap = field(default_factory=Bootstrap)
    cache: Optional[Path] = None
    output: Optional[Path] = None

    def __post_init__(self) -> None:
        names = [Path(model).resolve().name for model in self.models]
        names += [peer.name for peer in self.peers]
        if not names or len(set(names)) < len(names):
            raise ConfigurationError('expected models or descriptors of different names, '
                                     f'found {", ".join(names) or "none"}')

    @property
    def kept(self) -> Path:
        """Return the folder that ``cache`` means."""
        return Path(self.cache or Path(self.dataset) / 'descriptors')

    @property
    def peers(self) -> list[Peer]:
        """Return the peers that ``descriptors`` names."""
        texts = [self.descriptors] if isinstance(self.descriptors, str) else self.descriptors
        return [Peer.parse(text) for text in texts]

    @property
    def rerankers(self) -> list[MatchKind]:
        """Return the kinds that ``rerank`` names, each once."""
        return [self.rerank] if isinstance(self.rerank, str) else list(dict.fromkeys(self.rerank))


def evaluate(options: EvaluateOptions) -> Evaluation:
    """
    Score systems per condition of the queries: R@K, precision and recall, retrieval time.

    Two passes: what a model makes of the images is kept on disk, then scored, so that a second
    run needs no network.

    :raises StructVPRError: a bundle, the map, a peer's array, the data set or the SLME cache is
        missing or bad, or no query has a positive in the map.
    """
    trial, systems = _describe(options)
    features = FeatureCache(options.kept)
    reranked = [RerankedSystem(system, kind, trial, features, options.weights, options.geometry)
                for system in systems if system.branch != 'seg' for kind in options.rerankers]
    evaluation = Evaluation(
        trial, tuple(judge_system(system, trial, options.bootstrap)
                     for system in (*systems, *reranked)),
        tuple(compare_knowledge(systems, trial)), options.bootstrap)
    if options.output:
        output = Path(options.output)
        write_json(output / JSON, evaluation)
        write_page(output / PAGE, evaluation)
        _logger.info('%s is the report', output / PAGE)
    return evaluation


def _describe(options: EvaluateOptions) -> tuple[Trial, list[System]]:
    dataset = Path(options.dataset)
    layout = find_layout(dataset, options.layout)
    table = layout.load(dataset)
    place_map = PlaceMap.open(options.map) if options.map else None
    trial = Trial.open(
        table.select(options.query_split),
        map_table(place_map, table.root) if place_map else table.select(options.map_split),
        options.proximity or layout.rule)
    cache = DescriptorCache(options.kept, Path(options.slme or dataset / 'slme'), options.engine)
    systems = []
    for model in map(Path, options.models):
        _logger.info('evaluating %s', model)
        systems.append(map_system(model, place_map, trial, cache) if place_map
                       else model_system(model, trial, cache))
    return trial, systems + [peer_system(peer, trial) for peer in options.peers]
