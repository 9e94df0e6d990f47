# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What robots and their cameras do to a node: it answers on, and rightly."""

import shutil

import cv2
import numpy as np
import pytest

pytest.importorskip('sensor_msgs', reason='needs ROS 2 messages')

from structvpr_ros.data.image_messages import decode_compressed  # noqa: E402
from structvpr_ros.matching.localizer import Localizer  # noqa: E402
from structvpr_ros.models.card import ModelCard, ONNX  # noqa: E402
from structvpr_ros.storage import file_hash  # noqa: E402

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
WHITE = np.full((48, 64, 3), 255, np.uint8)
ERROR = b'\x02'


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/faulty')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/faulty', *arguments)


@pytest.fixture
def altered_bundle(tiny_bundle, tmp_path):
    """Give a function that makes a bundle whose ONNX graph is the tiny one plus some nodes."""
    onnx = pytest.importorskip('onnx')

    def alter(nodes, constants):
        folder = tmp_path / 'altered'
        shutil.copytree(tiny_bundle, folder)
        model = onnx.load(folder / ONNX)
        for node in model.graph.node:
            node.output[:] = ['plain' if name == 'descriptor' else name for name in node.output]
        model.graph.node.extend(nodes)
        model.graph.initializer.extend(
            onnx.numpy_helper.from_array(value, name) for name, value in constants.items())
        onnx.checker.check_model(model)
        onnx.save(model, folder / ONNX)
        card = ModelCard.load(folder)
        files = {**card.files, ONNX: file_hash(folder / ONNX)}
        ModelCard(**{**vars(card), 'files': files}).save(folder)
        return folder
    return alter


@pytest.fixture
def nan_bundle(altered_bundle):
    """Give a bundle that describes white images by NaN, and all others as the tiny one does."""
    from onnx import helper, TensorProto
    return altered_bundle([
        helper.make_node('Cast', ['image'], ['float_image'], to=TensorProto.FLOAT),
        helper.make_node('ReduceMean', ['float_image'], ['mean'], axes=[1, 2, 3], keepdims=0),
        helper.make_node('Unsqueeze', ['mean', 'one'], ['column']),
        helper.make_node('Sub', ['near_white', 'column'], ['below_white']),
        helper.make_node('Sqrt', ['below_white'], ['root']),
        helper.make_node('Mul', ['root', 'zero'], ['zero_or_nan']),
        helper.make_node('Add', ['plain', 'zero_or_nan'], ['descriptor']),
    ], {'one': np.array([1], np.int64), 'near_white': np.array(254.5, np.float32),
        'zero': np.array(0, np.float32)})


def test_a_descriptor_of_nan_is_no_answer(launch, robot, nan_bundle):
    with launch('-p', f'model:={nan_bundle}') as node:
        node.wait_for('waiting for images')
        good = robot.ask(robot.raw(PICTURE)).results
        white = robot.raw(WHITE)
        white.header.stamp.sec = 4000
        robot.publish(white)
        status, values = robot.diagnosis(lambda _, values: values['engine failures'] == '1')
        assert status.level == ERROR and 'nan' in status.message
        assert robot.ask(robot.raw(PICTURE)).results == good
        assert not [answer for answer in robot.answers if answer.header.stamp.sec == 4000]
        assert 'Traceback' not in node.said()


def test_services_answer_while_the_engine_is_busy(launch, robot, altered_bundle):
    from onnx import helper, TensorProto
    # Seconds of matrix products, which depend on the image and change nothing: far longer than
    # the services take, even where both cores have other work.
    size, steps = 1000, 50
    chain = [helper.make_node('MatMul', [f'product{n}', 'matrix'], [f'product{n + 1}'])
             for n in range(steps)]
    slow = altered_bundle([
        helper.make_node('Cast', ['image'], ['float_image'], to=TensorProto.FLOAT),
        helper.make_node('ReduceMean', ['float_image'], ['mean'], keepdims=0),
        helper.make_node('Mul', ['mean', 'matrix'], ['product0']), *chain,
        helper.make_node('ReduceMean', [f'product{steps}'], ['mean_product'], keepdims=0),
        helper.make_node('Mul', ['mean_product', 'zero'], ['nothing']),
        helper.make_node('Add', ['plain', 'nothing'], ['descriptor']),
    ], {'matrix': np.eye(size, dtype=np.float32), 'zero': np.array(0, np.float32)})
    with launch('-p', f'model:={slow}', '-p', 'max_latency:=0.01', '-p', 'max_silence:=0.0',
                '-p', 'reliability:=reliable', '-p', 'depth:=50') as node:
        node.wait_for('waiting for images')
        # The first call of a service is about finding it, not about the engine.
        assert robot.state() == 'active' and robot.get_parameter('top_k') == 5
        assert robot.set_parameter('top_k', 5).successful
        message = robot.raw(PICTURE)
        for number in range(1, 21):
            message.header.stamp.sec = 5000 + number
            robot.publish(message, reliable=True)
        robot.answers.clear()
        before = robot.state(), robot.get_parameter('top_k')
        assert before == ('active', 5) and robot.set_parameter('top_k', 4).successful
        assert robot.answers == []  # all that while the first image was being worked on
        assert robot.spin_until(
            lambda: robot.answers and robot.answers[-1].header.stamp.sec == 5020)
        assert len(robot.answers) <= 3  # the first, perhaps one more, and the newest
        assert len(robot.answers[-1].results) == 4
        status, values = robot.diagnosis(lambda _, values: values['images received'] == '20')
        assert 'answers take' in status.message
        assert int(values['images dropped for a newer one']) == 20 - len(robot.answers)


def test_huge_images(launch, robot, tiny_map, tiny_bundle):
    huge = robot.jpeg(cv2.resize(PICTURE, (7680, 4320), interpolation=cv2.INTER_NEAREST))
    expected = Localizer.open(tiny_map, tiny_bundle).recognize(decode_compressed(huge), 0.0)
    with launch('-p', 'image_transport:=compressed', '-p', 'reliability:=reliable') as node:
        node.wait_for('waiting for images')
        answer = robot.ask(huge, 'image/compressed', reliable=True)
        assert [result.class_id for result in answer.results] == [
            candidate.place for candidate in expected.candidates]


def test_clocks_jump_back_and_cameras_come_and_go(launch, robot, make_robot):
    other = make_robot('/faulty')
    with launch('-p', 'use_sim_time:=true') as node:
        node.wait_for('waiting for images')
        for sec in (9000, 100, 9000, 0):
            robot.answers.clear()
            assert robot.ask(robot.raw(PICTURE), stamp=sec).results
        assert other.ask(other.raw(PICTURE)).results
        for number in range(3):
            left, right = robot.raw(PICTURE), other.raw(PICTURE)
            left.header.frame_id, right.header.frame_id = 'left', 'right'
            assert robot.ask(left).header.frame_id == 'left'
            assert other.ask(right, stamp=10 + number).header.frame_id == 'right'


def test_a_reliable_camera_is_heard_whole_and_slowed_down(launch, robot):
    with launch('-p', 'max_rate:=0.1', '-p', 'reliability:=reliable', '-p', 'depth:=20') as node:
        node.wait_for('waiting for images')
        for number in range(20):
            message = robot.raw(PICTURE)
            message.header.stamp.sec = 7000 + number
            robot.publish(message, reliable=True)
        _, values = robot.diagnosis(lambda _, values: values['images received'] == '20')
        assert values['images answered'] == '1'


@pytest.mark.slow
def test_a_long_flood_leaves_memory_flat(launch, robot):
    with launch('-p', 'reliability:=reliable', '-p', 'depth:=10') as node:
        node.wait_for('waiting for images')
        message = robot.raw(cv2.resize(PICTURE, (320, 240)))

        def flood(images: int) -> int:
            for number in range(images):
                message.header.stamp.sec, message.header.stamp.nanosec = divmod(number, 200)
                robot.publish(message, reliable=True)
                robot.spin_until(lambda: False, 1 / 200)
            assert robot.ask(robot.raw(PICTURE), reliable=True).results
            robot.answers.clear()
            return node.memory()

        warm = flood(1000)
        assert flood(5000) < warm + 10e6  # one frame is 0.2 MB, a queue of them would show
