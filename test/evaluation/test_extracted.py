# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Local features are found once: found again, gone on with, and found anew for other content."""

from pathlib import Path
import shutil

import numpy as np
import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image, write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.errors import ConfigurationError, ImageError
from structvpr_ros.evaluation.extracted import FeatureCache
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.inference.local_features.kinds import create_kind


class Counting:
    """Finds what another extractor finds, and counts how often it is asked."""

    def __init__(self, extractor) -> None:
        self._extractor = extractor
        self.calls = 0

    def extract(self, image: np.ndarray) -> LocalFeatures:
        self.calls += 1
        return self._extractor.extract(image)


@pytest.fixture
def table(tiny_dataset: Path, tmp_path: Path) -> PlaceTable:
    return read_place_dataset(shutil.copytree(tiny_dataset, tmp_path / 'data'))


@pytest.fixture
def extractor() -> Counting:
    return Counting(create_kind('sift')[0])


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / 'cache').iterdir())


@pytest.mark.parametrize('kind', ['xfeat', 'sift', 'orb'])
def test_they_are_those_of_the_images(table, tmp_path, kind):
    extractor, _ = create_kind(kind)
    features = FeatureCache(tmp_path / 'cache').extract(kind, extractor, table)
    for row in (0, 3, len(table) - 1):
        found = extractor.extract(read_image(table.image_path(row)))
        np.testing.assert_allclose(features[row].points, found.points, atol=1 / 128)
        similar = np.einsum('nd,nd->n', features[row].descriptors, found.descriptors)
        assert len(features[row]) == len(found) and (similar > 0.999).all()


def test_the_second_time_no_image_is_read(table, extractor, tmp_path):
    first = FeatureCache(tmp_path / 'cache').extract('sift', extractor, table)
    assert extractor.calls == len(table) + 1  # the test picture
    again = FeatureCache(tmp_path / 'cache').extract('sift', extractor, table)
    assert extractor.calls == len(table) + 2
    np.testing.assert_array_equal(again.records, first.records)
    assert len(kept(tmp_path)) == 1


def test_other_images_and_other_extractors_have_files_of_their_own(table, extractor, tmp_path):
    cache = FeatureCache(tmp_path / 'cache')
    cache.extract('sift', extractor, table)
    cache.extract('sift', extractor, table.take([0, 1]))
    cache.extract('orb', create_kind('orb')[0], table)
    write_image(table.image_path(2), read_image(table.image_path(2))[::-1])
    changed = cache.extract('sift', extractor, table)
    assert len(kept(tmp_path)) == 4
    found = extractor.extract(read_image(table.image_path(2)))
    np.testing.assert_allclose(changed[2].points, found.points, atol=1 / 128)


def test_an_interrupted_run_goes_on_where_it_was(table, extractor, tmp_path):
    cache = FeatureCache(tmp_path / 'cache')
    whole = cache.extract('sift', extractor, table)
    [path] = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    before = extractor.calls
    again = cache.extract('sift', extractor, table)
    assert extractor.calls == before + 2  # the test picture and the last image
    np.testing.assert_array_equal(again.records, whole.records)


def test_a_missing_image_and_a_folder_that_cannot_be_written(table, extractor, tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(ConfigurationError, match='name another folder as cache'):
        FeatureCache(tmp_path / 'file' / 'below').extract('sift', extractor, table)
    table.image_path(1).unlink()
    with pytest.raises(ImageError, match='expected an image, found none'):
        FeatureCache(tmp_path / 'cache').extract('sift', extractor, table)
