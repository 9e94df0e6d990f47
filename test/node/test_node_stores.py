# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The node whose map is on a server: a real one of Milvus Lite, and one that is not there."""

import subprocess
import sys

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image

pytest.importorskip('pymilvus', reason='pip install "structvpr_ros[milvus]"')
pytest.importorskip('milvus_lite', reason='pip install "structvpr_ros[milvus]"')


@pytest.fixture(scope='module')
def picture(tiny_dataset):
    table = read_place_dataset(tiny_dataset).select(condition='day')
    return table.places[1], read_image(table.image_path(1))


def test_the_map_of_a_server(start, robot, tiny_map, tmp_path, picture):
    uri = str(tmp_path / 'city.db')
    # In a process of its own: a file of Milvus Lite is open in one at a time.
    subprocess.run([sys.executable, '-m', 'structvpr_ros.cli.map', 'publish', '--map',
                    str(tiny_map), '--uri', uri, '--collection', 'town'], check=True, timeout=120)
    with start('-p', "map:=''", '-p', 'store:=milvus', '-p', f'store_uri:={uri}',
               '-p', 'store_collection:=town', '-p', 'store_timeout:=30.0') as process:
        process.wait_for('town with 6 frames')
        process.wait_for('waiting for images on /image')
        place, image = picture
        assert robot.ask(robot.raw(image)).results[0].class_id == place


def test_a_server_that_is_not_there(start, robot, tiny_map, picture):
    with start('-p', 'store:=milvus', '-p', 'store_uri:=http://127.0.0.1:1') as process:
        process.wait_for(f'going on with the map in {tiny_map}')
        process.wait_for('waiting for images on /image')
        place, image = picture
        assert robot.ask(robot.raw(image)).results[0].class_id == place
