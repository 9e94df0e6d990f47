# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The benchmark of the search: made descriptors, and a short run for real."""

from importlib import import_module
import json
import os
from pathlib import Path
import subprocess
import sys

import numpy as np
import pytest

BENCH = Path(__file__).resolve().parents[2] / 'tools' / 'bench_search'


@pytest.fixture
def route(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    return import_module('route').make_drive


def test_queries_are_most_like_the_frames_they_were_taken_at(route):
    drive = route(600, 60, 64)
    assert drive.frames.shape == (600, 64) and drive.frames.dtype == np.float16
    assert drive.queries.shape == (60, 64) and len(set(drive.rows)) == 60
    frames = drive.frames.astype(np.float32)
    np.testing.assert_allclose(np.linalg.norm(frames, axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(drive.queries, axis=1), 1, atol=1e-5)
    best = (drive.queries @ frames.T).argmax(1)
    assert (np.abs(best - drive.rows) <= 5).mean() > 0.5
    # Neighbours look more alike than frames far apart.
    assert (frames[:-1] * frames[1:]).sum(1).mean() > (frames[:300] * frames[300:]).sum(1).mean()


def test_one_seed_makes_one_drive(route):
    one, same, other = route(50, 5, 16), route(50, 5, 16), route(50, 5, 16, seed=1)
    assert np.array_equal(one.frames, same.frames) and np.array_equal(one.queries, same.queries)
    assert not np.array_equal(one.frames, other.frames)


def test_a_short_run(tmp_path):
    done = subprocess.run(
        [sys.executable, str(BENCH), '--sizes', '700', '--descriptor-size', '32', '--queries',
         '30', '--json', str(tmp_path / 'result.json')],
        env={**os.environ, 'OMP_NUM_THREADS': '1'}, check=True, timeout=200, text=True,
        stdout=subprocess.PIPE)
    assert done.stdout.count('\n') == 4 and 'same first' in done.stdout
    flat, ivf = json.loads((tmp_path / 'result.json').read_text())
    assert (flat['index'], ivf['index']) == ('flat', 'ivf')
    assert flat['agreement'] == 1.0 and ivf['agreement'] > 0.9
    assert flat['frames'] == ivf['frames'] == 700 and ivf['search_p99_ms'] > 0
