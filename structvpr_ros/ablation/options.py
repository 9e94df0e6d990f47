# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the ablation can be told."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Optional

from structvpr_ros.ablation.encoding import Encoding
from structvpr_ros.ablation.setting import Setting
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.evaluation.partition import RANK_THRESHOLD
from structvpr_ros.training.frozen_data import VIEWS
from structvpr_ros.training.options import FitOptions

# The columns of the poster's table, in its order.
POSTER = ('none', 'all', 'd1', 'd2', 'd3', 's1', 's2', 'r1', 'r2', 'weighted')


@dataclass(kw_only=True)
class AblationOptions(FitOptions):
    """
    What the ablation can be told beside ``FitOptions``, which hold for each of its trainings.

    :param settings: what is distilled: none, all, one of d1 to d4, s1, s2, r1, r2, weighted;
        level or gain, one factor of the weights; or control, descriptors of other images, which
        knowledge has to beat. Behind it, +rank_threshold=N or +strength=LAMBDA change that for it
        alone; +encoding=clustered takes a teacher whose groups all weigh 1, +encoding=one_hot one
        that sees each class by itself.
    :param classes: folder of the SLME cache for one_hot, made by ``encode --channels classes``;
        ``slme_classes`` in the data set if not given.
    :param seeds: how many times all is done, each time from networks, negatives and batches of
        another seed, counting up from ``seed``.
    :param teacher_epochs: epochs of the SEG teacher, which must be right where it is to help;
        as many as of the students if not given.
    :param distill_epochs: epochs of the distillations; as many as of the student before if not
        given.
    :param rank_threshold: N_t of the settings that name no other.
    :param strength: lambda, likewise.
    :param distill_learning_rate: of the distillations, which start from a student that knows
        something; ``learning_rate`` if not given.
    :param backbone: of both branches, see train.
    :param aggregator: of both branches, see train.
    :param weights: what the backbone starts from, see train.
    :param input_size: height and width of the networks' input, pixels.
    :param map_split: split of the images that are searched when the students are scored.
    :param query_split: split of the images that are looked up then.
    """

    settings: list[str] = field(default_factory=lambda: list(POSTER))
    classes: Optional[Path] = None
    seeds: int = 5
    teacher_epochs: Optional[int] = None
    distill_epochs: Optional[int] = None
    rank_threshold: int = RANK_THRESHOLD
    strength: float = 1.0
    distill_learning_rate: Optional[float] = None
    backbone: str = 'efficientnet_lite0'
    aggregator: str = 'gem'
    weights: str = 'imagenet'
    input_size: tuple[int, int] = (240, 320)
    map_split: str = 'test_map'
    query_split: str = 'test_query'

    def __post_init__(self) -> None:
        super().__post_init__()
        self.classes = self.classes or self.dataset / 'slme_classes'
        if len(set(self.settings)) < len(self.settings) or not self.settings or self.seeds < 1:
            raise ConfigurationError(
                'expected at least one seed, and one or more different settings; found '
                f'{self.seeds} and {", ".join(self.settings) or "none"}')
        self.parsed_settings()

    def parsed_settings(self) -> list[Setting]:
        """Return the settings in the order they were given."""
        return [Setting.parse(text) for text in self.settings]

    def of_one_training(self, seed: int, output: Path,
                        encoding: Encoding = Encoding.WEIGHTED) -> dict[str, Any]:
        """Return the ``FitOptions`` of one training, as keyword arguments."""
        common = {option.name: getattr(self, option.name) for option in fields(FitOptions)}
        return {**common, 'seed': seed, 'output': output, 'slme': self.slme_of(encoding),
                'views': self.views or self.output / VIEWS}

    def slme_of(self, encoding: Encoding) -> Path:
        """Return the folder of the SLME cache that an encoding starts from."""
        return self.classes if encoding is Encoding.ONE_HOT else self.slme
