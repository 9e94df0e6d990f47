# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The transform from the map to the odometry: refused without tf2_ros, right with it."""

from importlib.util import find_spec
import math

from hypothesis import given, strategies as st
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

pytest.importorskip('geometry_msgs', reason='needs ROS 2 messages')

from structvpr_ros.matching.planar_pose import PlanarPose  # noqa: E402
from structvpr_ros.node.map_to_odom import from_transform, to_transform  # noqa: E402

PICTURE = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
coordinates = st.floats(-1e3, 1e3)
needs_tf = pytest.mark.skipif(find_spec('tf2_ros') is None, reason='needs tf2_ros')


def matrix(transform):
    """Return what a Transform does to points in space, as (4, 4)."""
    turn, way = transform.rotation, transform.translation
    result = np.eye(4)
    result[:3, :3] = Rotation.from_quat([turn.x, turn.y, turn.z, turn.w]).as_matrix()
    result[:3, 3] = way.x, way.y, way.z
    return result


@given(coordinates, coordinates, st.floats(-math.pi, math.pi))
def test_poses_and_transforms_are_the_same(x, y, heading):
    pose = PlanarPose(x, y, heading)
    expected = np.eye(4)
    expected[:3, :3] = Rotation.from_euler('z', heading).as_matrix()
    expected[:2, 3] = x, y
    np.testing.assert_allclose(matrix(to_transform(pose)), expected, atol=1e-9)
    back = from_transform(to_transform(pose))
    assert (back.x, back.y) == (x, y)
    assert math.remainder(back.heading - heading, math.tau) == pytest.approx(0, abs=1e-9)


@pytest.fixture(scope='module')
def robot(make_robot):
    return make_robot('/turning')


@pytest.fixture
def launch(start):
    """Give a function that starts a node in the robot's namespace."""
    return lambda *arguments: start('-r', '__ns:=/turning', *arguments)


@pytest.mark.skipif(find_spec('tf2_ros') is not None, reason='tf2_ros is installed')
def test_without_tf2_ros_it_says_what_is_missing(launch, robot):
    with launch('-p', 'odom_frame:=odom') as node:
        node.wait_for('cannot configure: parameter odom_frame: expected tf2_ros')
        assert 'ros-DISTRO-tf2-ros-py' in node.said() and 'Traceback' not in node.said()
        assert robot.state() == 'unconfigured'
        assert robot.set_parameter('odom_frame', '').successful
        assert robot.transition('configure') and robot.transition('activate')
        assert robot.ask(robot.raw(PICTURE)).results


@pytest.fixture
def transforms(robot):
    """Give a broadcaster, and the list of what the node broadcasts."""
    tf2_ros = pytest.importorskip('tf2_ros')
    from tf2_msgs.msg import TFMessage
    heard = robot.listen(TFMessage, '/tf')

    def from_map():
        return [transform for message in heard for transform in message.transforms
                if transform.header.frame_id == 'map']
    return tf2_ros.TransformBroadcaster(robot.node), from_map


def stamped(parent, child, stamp, pose, height=0.0):
    from geometry_msgs.msg import TransformStamped
    message = TransformStamped(child_frame_id=child, transform=to_transform(pose))
    message.header.frame_id = parent
    message.header.stamp.sec = stamp
    message.transform.translation.z = height
    return message


def drive(broadcaster, stamp):
    """Tell where the odometry sees the robot, two seconds round a stamp; return it there."""
    begin, end = PlanarPose(3.0, -1.0, 0.5), PlanarPose(5.0, -2.0, 0.5)
    broadcaster.sendTransform([
        stamped('odom', 'base_link', stamp - 1, begin, height=0.3),
        stamped('odom', 'base_link', stamp + 1, end, height=0.3)])
    share = (1 + 0.123456789) / 2
    return PlanarPose(3.0 + 2 * share, -1.0 - share, 0.5)


@needs_tf
@pytest.mark.parametrize('frame', ['base_link', 'camera'])
def test_the_robot_is_where_it_was_recognized(launch, robot, transforms, frame):
    from geometry_msgs.msg import PoseWithCovarianceStamped
    import tf2_ros
    broadcaster, from_map = transforms
    mounting = PlanarPose(0.2, 0.1, -0.7)
    still = tf2_ros.StaticTransformBroadcaster(robot.node)
    still.sendTransform(stamped('base_link', 'camera', 0, mounting))
    poses = robot.listen(PoseWithCovarianceStamped, 'vpr/pose')
    with launch('-p', 'odom_frame:=odom', '-p', f'pose_frame:={frame}') as node:
        node.wait_for('waiting for images')
        stamp = 2000
        while not from_map():  # what was sent before all had found each other is lost
            assert stamp < 2100, node.said()
            stamp += 10
            odometry = drive(broadcaster, stamp)
            robot.ask(robot.raw(PICTURE), stamp=stamp)
            robot.spin_until(from_map, 1.0)
        found = from_map()[-1]
        assert found.child_frame_id == 'odom'
        assert (found.header.stamp.sec, found.header.stamp.nanosec) == (stamp + 1, 123456789)
        assert robot.spin_until(lambda: poses and poses[-1].header.stamp.sec == stamp)
        pose = poses[-1].pose.pose
        heading = 2 * math.atan2(pose.orientation.z, pose.orientation.w)
        seen = odometry if frame == 'base_link' else odometry @ mounting
        np.testing.assert_allclose(
            matrix(found.transform) @ matrix(to_transform(seen)),
            matrix(to_transform(PlanarPose(pose.position.x, pose.position.y, heading))),
            atol=1e-6)
        # A clock that is set back does not leave it with the transforms of the future.
        before = len(from_map())
        odometry = drive(broadcaster, 1000)
        for _ in range(20):
            robot.ask(robot.raw(PICTURE), stamp=1000)
            odometry = drive(broadcaster, 1000)
            if robot.spin_until(lambda: len(from_map()) > before, 0.5):
                break
        assert from_map()[-1].header.stamp.sec == 1001
        assert node.stop() == 0
        assert 'Traceback' not in node.said() and 'Exception' not in node.said()


@needs_tf
def test_nothing_is_broadcast_that_is_not_known(launch, robot, transforms):
    broadcaster, from_map = transforms
    with launch('-p', 'odom_frame:=odom', '-p', 'min_score:=1.0') as node:
        node.wait_for('waiting for images')
        drive(broadcaster, 3000)
        assert not robot.ask(robot.raw(PICTURE), stamp=3000).results
        assert robot.set_parameter('min_score', 0.0).successful
        assert robot.ask(robot.raw(PICTURE), stamp=5000).results
        node.wait_for('no transform from odom to base_link at the time of an image')
        assert robot.set_parameter('min_heading_std', 1.0).successful
        assert robot.set_parameter('max_heading_std', 1.0).successful
        drive(broadcaster, 5010)
        assert robot.ask(robot.raw(PICTURE), stamp=5010).results
        node.wait_for('the heading is not known')
        for transition in ('deactivate', 'cleanup', 'configure', 'activate'):
            assert robot.transition(transition)
        assert not from_map()
        assert node.stop() == 0
        assert 'Traceback' not in node.said() and 'Exception' not in node.said()
