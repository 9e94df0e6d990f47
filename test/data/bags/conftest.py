# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Drives on disk, for the tests of how bags are read."""

import pytest

FORMATS = ('bag', 'sqlite3', 'mcap')


@pytest.fixture(params=FORMATS)
def kind(request) -> str:
    """Give each format of bags in turn."""
    return request.param


@pytest.fixture
def drive(record_bag, kind, tmp_path):
    """Give a recorder of a bag called ``day``, in each format in turn."""
    with record_bag(tmp_path / 'day', kind) as recorder:
        yield recorder
