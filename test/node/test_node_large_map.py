# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The node with the index of large maps: it answers, and tells poses and candidates."""

from geometry_msgs.msg import PoseWithCovarianceStamped
import numpy as np
import pytest
from visualization_msgs.msg import MarkerArray

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.data.resize import resize
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.writer import write_map

COUNT = 400


@pytest.fixture(scope='module')
def picture(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select(condition='day')
    return read_image(table.image_path(0))


@pytest.fixture(scope='module')
def large_map(tiny_bundle, picture, tmp_path_factory):
    """Give a map of noise, and of the picture in row 7."""
    engine = create_engine(tiny_bundle)
    height, width = engine.card.input_size
    noise = np.random.default_rng(0).integers(0, 255, (50, height, width, 3), np.uint8)
    known = engine.describe(resize(picture, (height, width))[np.newaxis])
    rows = np.tile(engine.describe(noise), (COUNT // 50, 1))
    rows[7] = known
    entries = [PosedImage('drive', f'{row}.png', f'p{row}', 3.0 * row, 5.0, 0.5)
               for row in range(COUNT)]
    return write_map(tmp_path_factory.mktemp('large') / 'map', MapContent(
        entries, rows, engine.card.fingerprint, 'map', index='ivf'))


def test_answers_poses_and_candidates(start, robot, large_map, picture):
    with start('-p', f'map:={large_map}') as process:
        process.wait_for('waiting for images on /image')
        poses = robot.listen(PoseWithCovarianceStamped, 'vpr/pose')
        markers = robot.listen(MarkerArray, 'vpr/candidates')
        assert robot.ask(robot.raw(picture)).results[0].class_id == 'p7'

        def heard():
            robot.ask(robot.raw(picture))
            return poses and markers

        assert robot.spin_until(heard)
        assert poses[0].pose.pose.position.y == pytest.approx(5.0)
