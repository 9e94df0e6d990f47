# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""docs/reference.md is what the declarations say now, and readable as a table."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope='module')
def tool():
    pytest.importorskip('rclpy', reason='needs ROS 2')
    spec = spec_from_file_location('write_reference', ROOT / 'tools' / 'write_reference.py')
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(tool):
    assert tool.PAGE == ROOT / 'docs' / 'reference.md'
    assert tool.PAGE.read_text(encoding='utf-8') == tool.reference(), 'run: make reference'


def test_everything_declared_is_listed_once(tool):
    page = tool.reference()
    for thing in (*tool.SUBSCRIBED, *tool.PUBLISHED, *tool.SERVICES, *tool.DECLARATIONS):
        rows = [line for line in page.splitlines() if line.startswith(f'| `{thing.name}` |')]
        # A parameter may have the name of a topic.
        assert len(rows) == 1 + (thing.name == 'camera_info'), thing.name


def test_rows_have_as_many_cells_as_their_heads(tool):
    for table in tool.reference().split('\n## ')[1:]:
        lines = [line for line in table.splitlines() if line.startswith('|')]
        assert len({line.replace('\\|', '').count('|') for line in lines}) == 1


def test_when_a_change_counts(tool):
    effects = {line.split(' | ')[0].strip('|` '): line.split(' | ')[4]
               for line in tool.reference().split('## Parameters')[1].splitlines()
               if line.startswith('| `')}
    assert effects['map'] == 'next configure' and effects['reliability'] == 'next activate'
    assert effects['min_score'] == 'at once' and effects['autostart'] == 'never'
