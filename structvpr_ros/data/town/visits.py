# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Which streets are visited when, and for which split."""

from dataclasses import dataclass
from typing import Sequence

from structvpr_ros.data.town.conditions import Condition, CONDITIONS, REFERENCE
from structvpr_ros.data.town.layout import plan_streets, Street, streets_for


@dataclass(frozen=True)
class Visit:
    """
    One drive along a street that is to be photographed.

    :param split: as in the place data set.
    :param number: tells the visits of a street under one condition apart.
    """

    split: str
    street: Street
    condition: Condition
    number: int

    def stem(self, place: int) -> str:
        """Return the path of a photograph below images/, without its suffix."""
        return f'{self.split}/{self.condition.name}/{self.place_id(place)}'

    def place_id(self, place: int) -> str:
        """Return the ID of a place of the street."""
        return f'{self.street.name}/{place:03d}'


def plan_visits(seed: int, train_places: int, val_places: int, test_places: int,
                conditions: Sequence[str]) -> tuple[Visit, ...]:
    """
    Plan all visits of a data set.

    Each split has streets of its own. Those of train are visited once in every condition.
    Those of val and test are visited in the reference condition for the map, and in every
    condition for the queries: for the reference that is a second visit.
    """
    test, val, train = (streets_for(places)
                        for places in (test_places, val_places, train_places))
    # Training comes last, so that more of it leaves the streets of the other splits alone.
    streets = plan_streets(seed, [*test, *val, *train])
    visits = [Visit('train', street, CONDITIONS[name], 0)
              for name in conditions for street in streets[len(test) + len(val):]]
    for split, members in (('val', streets[len(test):len(test) + len(val)]),
                           ('test', streets[:len(test)])):
        visits += [Visit(f'{split}_map', street, CONDITIONS[REFERENCE], 0) for street in members]
        visits += [Visit(f'{split}_query', street, CONDITIONS[name], int(name == REFERENCE))
                   for name in conditions for street in members]
    return tuple(visits)
