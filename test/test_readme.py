# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The README's commands: all are known here, all parse, and the walk-through really runs."""

from importlib import import_module
from pathlib import Path
import re
import shlex
import shutil
import signal
import subprocess
import sys

import cv2
import numpy as np
import onnx
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
README = (REPOSITORY / 'README.md').read_text(encoding='utf-8')
PREFIX = 'ros2 run structvpr_ros '

# What cannot run inside a test, and where it is seen to run instead.
ELSEWHERE = {
    'make demo': 'test_demonstration.py runs the demo; the target adds the installation',
    'make test': 'this is it',
    'cd ~/ros2_ws/src': 'needs a ROS 2 workspace', 'rosdep': 'needs a ROS 2 installation',
    'pip install': 'would install a second copy of the package',
    'colcon build': 'needs a ROS 2 workspace', 'source install/setup.bash': 'likewise',
    'ros2 launch': 'test_launch.py, where launch is installed', 'ros2 topic': 'needs ros2cli',
}


def commands() -> list[str]:
    blocks = re.findall(r'^```bash\n(.*?)^```', README, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def walk_through() -> list[str]:
    return [line for line in commands()
            if not any(line.startswith(known) for known in ELSEWHERE)]


def test_every_command_is_run_here_or_known_to_run_elsewhere() -> None:
    ours = [line for line in walk_through() if not line.startswith((PREFIX, 'python3 examples/'))]
    assert ours == []
    for known in ELSEWHERE:
        assert any(line.startswith(known) for line in commands()), f'{known} is gone'


@pytest.mark.parametrize(
    'line', [line for line in walk_through() if line.startswith(PREFIX) and '--' in line
             and '--ros-args' not in line])
def test_options_are_those_of_the_command(line: str, monkeypatch, tmp_path: Path,
                                          capsys: pytest.CaptureFixture) -> None:
    name, *arguments = shlex.split(line.removeprefix(PREFIX))
    if name == 'replay':
        pytest.importorskip('rclpy', reason='replay needs ROS 2')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('sys.argv', [name, *arguments, '--print_config'])
    with pytest.raises(SystemExit) as exit_:
        import_module(f'structvpr_ros.cli.{name}').main()
    assert exit_.value.code == 0, capsys.readouterr().err


def test_pictures_and_pages_that_are_linked_exist() -> None:
    links = re.findall(r'\]\((?!https?:)([^)#]+)\)', README)
    assert links
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


@pytest.mark.slow
def test_walk_through_runs_word_for_word(record_bag: type, tmp_path: Path) -> None:
    pytest.importorskip('rclpy', reason='the walk-through ends with the node')
    write_camvid(tmp_path / 'camvid')
    write_unlabelled(tmp_path / 'unlabelled')
    write_segmenter(tmp_path / 'segmenter.onnx')
    write_bag(record_bag, tmp_path / 'drive')
    shutil.copytree(REPOSITORY / 'examples', tmp_path / 'examples')
    node = None
    try:
        for line in walk_through():
            line = line.replace('python3', sys.executable, 1)
            if line.startswith(PREFIX + 'localize'):
                node = subprocess.Popen(shlex.split(line), cwd=tmp_path)
                continue
            done = subprocess.run(shlex.split(line), cwd=tmp_path, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            assert done.returncode == 0, f'{line}\n{done.stdout}'
    finally:
        if node is not None:
            node.send_signal(signal.SIGINT)
            assert node.wait(20) == 0
    answers = (tmp_path / 'answers.csv').read_text().splitlines()
    assert len(answers) == 1 + 8
    assert all(len(line.split(',')[2]) > 0 for line in answers[1:])


def write_picture(path: Path, blocks: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.kron(blocks, np.ones((20, 20, 1), np.uint8)).squeeze())


def write_camvid(folder: Path) -> None:
    """Write eight frames of each drive, named as CamVid's are."""
    random = np.random.default_rng(0)
    for drive, digits in (('0016E5', '05'), ('0006R0', 'f05'), ('Seq05VD', 'f05'),
                          ('0001TP', '06')):
        for frame in range(8):
            number = f'{30 * frame:0{digits[-1]}}'
            name = f'{drive}_{digits[:-2]}{number}'
            labels = random.integers(0, 12, (6, 8, 1), np.uint8)
            write_picture(folder / 'labels' / f'{name}.png', labels)
            write_picture(folder / 'images' / f'{name}.jpg', np.repeat(20 * labels, 3, axis=2))


def write_unlabelled(folder: Path) -> None:
    for row in range(2):
        write_picture(folder / 'images' / f'{row}.jpg', np.full((6, 8, 3), 90 * row, np.uint8))
    (folder / 'places.csv').write_text('image,place\n0.jpg,a\n1.jpg,b\n')


def write_bag(record_bag: type, path: Path) -> None:
    """Write a bag of ROS 1: three images, 3 m apart."""
    with record_bag(path, 'bag') as drive:
        for step in range(3):
            drive.odometry(100.0 + step, 3.0 * step, 0.0)
            drive.image(100.0 + step, np.full((6, 8, 3), 90 * step, np.uint8))


def write_segmenter(path: Path) -> None:
    """Write a network that gives 19 classes: a convolution of 1x1 with fixed weights."""
    weights = np.random.default_rng(0).normal(size=(19, 3, 1, 1)).astype(np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node('Conv', ['image', 'weights'], ['logits'])], 'segmenter',
        [onnx.helper.make_tensor_value_info('image', 1, ['n', 3, 'h', 'w'])],
        [onnx.helper.make_tensor_value_info('logits', 1, ['n', 19, 'h', 'w'])],
        [onnx.numpy_helper.from_array(weights, 'weights')])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid('', 13)])
    model.ir_version = 8
    onnx.save(model, str(path))
