# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""R@K between epochs, against loops over what the network says."""

import numpy as np
import torch
from torch import nn, Tensor
from torch.nn import functional

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.data.resize import resize
from structvpr_ros.models.card import ModelCard
from structvpr_ros.training.validation import Validation


class Thumbnail(nn.Module):
    """Describes an image by its pixels: no two are so alike that rounding could decide."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, images: Tensor) -> Tensor:
        return functional.normalize((images.float() - 127).flatten(1) * self.scale)


def test_score_against_loops(town, trained):
    table, card = read_place_dataset(town), ModelCard.load(trained / 'rgb')
    validation = Validation.open(card, table, town / 'slme', Proximity())
    network = Thumbnail().train()
    scores = validation.score(network)
    assert network.training and scores.keys() == {'R@1', 'R@5', 'R@10', 'R@20'}
    queries, database = table.select('val_query'), table.select('val_map')
    asked = [pixels(queries, row, card) for row in range(len(queries))]
    known = [pixels(database, row, card) for row in range(len(database))]
    right = [database.places[int(np.argmax([one @ other for other in known]))] == place
             for one, place in zip(asked, queries.places)]
    assert scores['R@1'] == np.mean(right)


def pixels(table, row, card):
    image = resize(read_image(table.image_path(row)), card.input_size).astype(float) - 127
    return image.ravel() / np.linalg.norm(image)


def test_a_data_set_without_validation_splits_has_no_validation(town, trained):
    table, card = read_place_dataset(town), ModelCard.load(trained / 'rgb')
    assert Validation.open(card, table.select('train'), town / 'slme', Proximity()) is None
    assert Validation.open(card, table.select('val_map'), town / 'slme', Proximity()) is None
