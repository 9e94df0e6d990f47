# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The measurement of refined poses, on a town of a few places."""

from importlib import import_module
import json
from pathlib import Path
import sys

import pytest

from structvpr_ros.data.town.dataset import render_town, RenderOptions

TOOLS = Path(__file__).resolve().parents[2] / 'tools'


@pytest.mark.slow
def test_it_tells_errors_before_and_after(tmp_path: Path, tiny_bundle: Path,
                                          monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture) -> None:
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.setattr(sys, 'dont_write_bytecode', True)
    town = render_town(RenderOptions(tmp_path / 'town', size=(120, 160), train_places=1,
                                     val_places=1, test_places=3, conditions=('sunny',),
                                     workers=1))
    scores = tmp_path / 'pose.json'
    monkeypatch.setattr(sys, 'argv', ['measure_pose', str(town), '--model', str(tiny_bundle),
                                      '--json', str(scores)])
    import_module('measure_pose').main()
    rows = json.loads(scores.read_text())
    assert [row['condition'] for row in rows] == ['sunny', 'all']
    assert rows[0]['queries'] == rows[1]['queries'] == 3 and 1 <= rows[1]['right'] <= 3
    for name in ('metres', 'degrees', 'deviations'):
        for when in ('before', 'after'):
            median, most = rows[1][f'{name} {when}']
            assert 0 <= median <= most
    # Places are 5 m apart, and views turned by some degrees at most.
    assert rows[1]['degrees before'][1] < 30 and rows[1]['metres before'][1] < 20
    assert "'condition': 'all'" in capsys.readouterr().out
