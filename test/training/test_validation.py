# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""R@K between epochs, against loops over what the network says."""

import numpy as np
import torch

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.models.bundle import load_branch
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.describe import describe_table, describing_network
from structvpr_ros.training.validation import Validation


def test_score_against_loops(town, trained):
    table, card = read_place_dataset(town), ModelCard.load(trained / 'seg')
    validation = Validation.open(card, table, town / 'slme', Proximity())
    network = describing_network(card, load_branch(trained / 'seg')).train()
    scores = validation.score(network)
    assert network.training and scores.keys() == {'R@1', 'R@5', 'R@10'}
    queries, database = table.select('val_query'), table.select('val_map')
    asked = describe_table(trained / 'seg', queries, town / 'slme')
    known = describe_table(trained / 'seg', database, town / 'slme')
    right = [database.places[int(np.argmax(known @ one))] == place
             for one, place in zip(asked, queries.places)]
    assert scores['R@1'] == np.mean(right)
    torch.testing.assert_close(torch.from_numpy(asked).norm(dim=1), torch.ones(len(asked)))


def test_a_data_set_without_validation_splits_has_no_validation(town, trained):
    table, card = read_place_dataset(town), ModelCard.load(trained / 'rgb')
    assert Validation.open(card, table.select('train'), town / 'slme', Proximity()) is None
    assert Validation.open(card, table.select('val_map'), town / 'slme', Proximity()) is None
