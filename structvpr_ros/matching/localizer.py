# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The Localizer: an image in, a recognition out; what the robot runs, without ROS."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
import logging
from pathlib import Path
import time
from typing import Iterator, Optional, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ConfigurationError, StoreError
from structvpr_ros.inference.engine import Engine
from structvpr_ros.inference.engine_choice import EngineKind, Precision, Provider
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.matching.decision import Decision, default_decision
from structvpr_ros.matching.ranking import rank_places
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.matching.second_stage import (CANDIDATES, Judged, open_second_stage, Rerank,
                                                 SecondStage)
from structvpr_ros.place_map.calibration import Calibration
from structvpr_ros.place_map.milvus_client import MilvusOptions
from structvpr_ros.place_map.open_maps import open_maps
from structvpr_ros.place_map.place_map import PlaceMap

if TYPE_CHECKING:
    from structvpr_ros.matching.sequence_filter import SequenceFilter
    # For its type only: without a filter nobody waits for SciPy to load.

_logger = logging.getLogger(__name__)

# Places that support the best one; the margin needs a second place in any case.
_SUPPORT = 5


class Localizer:
    """
    Recognizes the place that an image shows.

    A Localizer holds no state between images: the same image gives the same answer, and
    several threads may call one Localizer at once. It does only where it is given a sequence
    filter: then images must come in the order in which they were taken. With a filter or a second
    stage, scores and the decision are about probabilities.

    :ivar decision: thresholds; None: those that the map was calibrated to, or else the defaults.
    :ivar sequence: the filter over images, or None.
    :ivar second_stage: what re-ranks the first places, or None.
    :ivar fallback: the map that answers while the server of another does not, or None.
    """

    def __init__(self, place_map: PlaceMap, engine: Engine, top_k: int = 5,
                 decision: Optional[Decision] = None,
                 sequence: 'Optional[SequenceFilter]' = None,
                 fallback: Optional[PlaceMap] = None,
                 second_stage: Optional[SecondStage] = None) -> None:
        """
        Join a map, an engine of the model that built it, and a decision.

        :param top_k: the number of places to return, at least 1.
        :param decision: None: as the attribute.
        :param sequence: a filter over the frames of this map.
        :param fallback: a map of the same model, in the same frame.
        :param second_stage: of this map, which is no one on a server.
        :raises ConfigurationError: ``top_k`` is less than 1.
        :raises MapError: another model built the map.
        """
        if top_k < 1:
            raise ConfigurationError(f'expected top_k of at least 1, found {top_k}')
        for known in filter(None, (place_map, fallback)):
            known.check_model(engine.card)
        self.place_map = place_map
        self.fallback = fallback
        self._fallen = False
        self.engine = engine
        self.top_k = top_k
        self.decision = decision
        self.sequence = sequence
        self.second_stage = second_stage

    @classmethod
    def open(cls, map_folder: Optional[Path], model_folder: Path, engine: EngineKind = 'onnx',
             top_k: int = 5, decision: Optional[Decision] = None,
             threads: int = 0, provider: Provider = 'cpu',
             precision: Precision = 'float32',
             milvus: Optional[MilvusOptions] = None,
             rerank: Rerank = 'auto', rerank_candidates: int = CANDIDATES) -> 'Localizer':
        """
        Load a map and a model bundle, and run once, so that the first image is not late.

        :param engine: as ``threads``, ``provider`` and ``precision`` what ``create_engine`` takes.
        :param milvus: a server that has the map; that of the folder is the fallback then.
        :param rerank: auto re-ranks the first places where the map has local features.
        :param rerank_candidates: how many of them, at least 1.
        :raises ModelError: the bundle is missing, corrupt or does not fit the engine.
        :raises MapError: the map is missing, corrupt or built by another model.
        :raises ConfigurationError: an option has a value that cannot work.
        """
        # Each takes a good part of a second, most of it outside of Python.
        with ThreadPoolExecutor(1) as pool:
            maps = pool.submit(open_maps, map_folder, milvus)
            loaded = create_engine(model_folder, engine, threads, provider, precision)
            place_map, fallback = maps.result()
        localizer = cls(place_map, loaded, top_k, decision, fallback=fallback,
                        second_stage=open_second_stage(
                            place_map, rerank, rerank_candidates, engine, threads))
        localizer.recognize(np.zeros((*localizer.engine.card.input_size, 3), np.uint8), 0.0)
        return localizer

    @property
    def answering(self) -> PlaceMap:
        """Return the map that answered last: the fallback while the server does not."""
        return self.fallback if self._fallen else self.place_map

    @property
    def calibration(self) -> Optional[Calibration]:
        """Return what the map was calibrated to; one on a server goes by that of the folder."""
        return (self.fallback or self.place_map).calibration

    def recognize(self, image: NDArray[np.uint8], stamp: float,
                  odometer: Optional[float] = None) -> Recognition:
        """
        Recognize the place of one image.

        :param image: RGB uint8 (H, W, 3) of any size.
        :param stamp: seconds, when it was taken; handed through.
        :param odometer: metres travelled until then, as SequenceFilter.update has it; of use
            only with a filter.
        :return: up to ``top_k`` places, fewer only where the map has fewer.
        :raises ImageError: the array is no such image.
        :raises ModelError: the network gave no finite descriptor.
        """
        timings: dict[str, float] = {}
        with _timed(timings, 'preprocess'):
            resized = resize(image, self.engine.card.input_size)
        with _timed(timings, 'describe'):
            descriptor = self.engine.describe(resized[np.newaxis])[0]
        return self._answer(image, descriptor, stamp, odometer, timings)

    def _answer(self, image: NDArray[np.uint8], descriptor: NDArray[np.float32], stamp: float,
                odometer: Optional[float], timings: dict[str, float]) -> Recognition:
        # Each is read once: another thread may set them while an image is worked on.
        top_k, sequence, stage = self.top_k, self.sequence, self.second_stage
        decision = self.decision or default_decision(
            self.calibration, sequence is not None, stage is not None)
        count = max(top_k, _SUPPORT)
        with _timed(timings, 'search'):
            candidates = support = self._rank(descriptor, max(
                count, sequence.depth if sequence else 0, stage.candidates if stage else 0))
        judged = Judged(candidates, {})
        if stage:
            with _timed(timings, 'verify'):
                judged = stage.judge(image, candidates)
        if sequence:
            with _timed(timings, 'follow'):
                hypotheses = sequence.update(candidates, stamp, odometer, count, judged.evidence)
                candidates, support = hypotheses.candidates, hypotheses.support
        else:
            candidates = support = judged.candidates[:count]
        with _timed(timings, 'decide'):
            localized = decision.accepts(candidates)
        return Recognition(stamp, candidates[:top_k], localized, timings, support)

    def _rank(self, descriptor: NDArray[np.float32], count: int) -> tuple[Candidate, ...]:
        if self.fallback is None:
            return rank_places(self.place_map, descriptor, count)
        try:
            candidates = rank_places(self.place_map, descriptor, count)
        except StoreError as error:
            if not self._fallen:
                _logger.warning('going on with the map in %s: %s', self.fallback.folder, error)
            self._fallen = True
            return rank_places(self.fallback, descriptor, count)
        if self._fallen:
            _logger.warning('%s answers again', self.place_map.folder)
        self._fallen = False
        return candidates


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - started
