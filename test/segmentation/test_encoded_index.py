# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The index of encoded maps: what is recorded comes back, also after an error."""

from pathlib import Path

import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.encoded_index import EncodedIndex


def test_round_trip_with_replacement(tmp_path: Path) -> None:
    with EncodedIndex(tmp_path / 'index.sqlite') as index:
        assert index.digests == {}
        index.record('images/a.jpg', 'one')
        index.record('images/b.jpg', 'two')
        index.record('images/a.jpg', 'three')
    with EncodedIndex(tmp_path / 'index.sqlite') as index:
        assert index.digests == {'images/a.jpg': 'three', 'images/b.jpg': 'two'}


def test_records_outlive_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), EncodedIndex(tmp_path / 'index.sqlite') as index:
        index.record('images/a.jpg', 'one')
        raise KeyError
    with EncodedIndex(tmp_path / 'index.sqlite') as index:
        assert index.digests == {'images/a.jpg': 'one'}


def test_a_corrupt_file(tmp_path: Path) -> None:
    (tmp_path / 'index.sqlite').write_bytes(b'not a database at all' * 100)
    with pytest.raises(SegmentationError, match='index.sqlite: .*delete it'):
        EncodedIndex(tmp_path / 'index.sqlite')
