# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The aggregators that can be asked for by name."""

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.models.aggregators.aggregator import Aggregator
from structvpr_ros.models.aggregators.gem import GemAggregator
from structvpr_ros.models.aggregators.vlad_gem_cells import VladGemCellsAggregator
from structvpr_ros.models.aggregators.vlads_gem_cells import VladsGemCellsAggregator

AGGREGATORS: dict[str, type[Aggregator]] = {
    'gem': GemAggregator, 'vlad_gem_cells': VladGemCellsAggregator,
    'vlads_gem_cells': VladsGemCellsAggregator}


def aggregator_kind(name: str) -> type[Aggregator]:
    """
    Return an entry of the registry, which is built with the channels of its taps.

    :raises ConfigurationError: there is no such aggregator; the message lists them.
    """
    if name not in AGGREGATORS:
        raise ConfigurationError(
            f'expected an aggregator of {", ".join(AGGREGATORS)}, found {name!r}')
    return AGGREGATORS[name]
