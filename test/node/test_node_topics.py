# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where the node listens and speaks: transports, remappings, namespaces, side by side."""

import numpy as np
import pytest

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)


def test_compressed_images(start, make_robot):
    robot = make_robot('/compressed')
    with start('-r', '__ns:=/compressed', '-p', 'image_transport:=compressed') as node:
        node.wait_for('waiting for images on /compressed/image/compressed')
        png = robot.png(PICTURE)
        good = robot.ask(png, 'image/compressed')
        assert good.results and good.header == png.header
        broken = (b'', b'\xff\xd8\xff\xd9', bytes(png.data)[:len(png.data) // 2],
                  bytes(robot.jpeg(PICTURE).data)[:-300])
        for count, data in enumerate(broken, 1):
            message = robot.compressed(data, 'jpeg')
            message.header.stamp.sec = 4000
            robot.publish(message, 'image/compressed')
            robot.diagnosis(
                lambda _, values, count=count: values['images unusable'] == str(count))
        assert robot.ask(robot.png(PICTURE), 'image/compressed').results == good.results
        assert not [answer for answer in robot.answers if answer.header.stamp.sec == 4000]
        assert 'Traceback' not in node.said()


@pytest.mark.parametrize('transport, rule, topic', [
    ('raw', 'image:=/head/camera/image_raw', '/head/camera/image_raw'),
    ('compressed', 'image:=camera', '/remapped/camera/compressed'),
    ('compressed', 'image/compressed:=/jpegs', '/jpegs')])
def test_remapped_topics(start, make_robot, transport, rule, topic):
    robot = make_robot('/remapped')
    with start('-r', '__ns:=/remapped', '-r', rule, '-r', 'vpr/place:=where',
               '-p', f'image_transport:={transport}') as node:
        node.wait_for(f'waiting for images on {topic}\n')
        robot.hear('where')
        message = robot.raw(PICTURE) if transport == 'raw' else robot.png(PICTURE)
        assert robot.ask(message, topic).results


def test_two_nodes_side_by_side(start, make_robot):
    with start('-r', '__ns:=/left', '-p', 'top_k:=1') as left, \
            start('-r', '__ns:=/right') as right:
        left.wait_for('waiting for images on /left/image')
        right.wait_for('waiting for images on /right/image')
        for namespace, places in (('/left', 1), ('/right', 5)):
            robot = make_robot(namespace)
            assert len(robot.ask(robot.raw(PICTURE)).results) == places
