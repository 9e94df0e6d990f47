# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What several rooms test with: tiny data sets, a tiny model, and its map of one of them."""

import os
from pathlib import Path
import shutil

from hypothesis import settings
import numpy as np
import pytest

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.image_files import write_image
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import GROUPS

# Threads that spin while they wait take the processor from those they wait for: on two busy
# cores PyTorch is ten times as slow so. Read when PyTorch and FAISS are first imported.
os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')

# Machines that test are slow and shared: no test may fail for the time it takes.
settings.register_profile('steady', deadline=None)
settings.load_profile('steady')

TINY_SIZE = (48, 64)
TINY_PLACES = 6
TOWN_SIZE = (32, 40)


@pytest.fixture(scope='session')
def tiny_dataset(tmp_path_factory) -> Path:
    """
    Give a place data set of 6 places 20 m apart, each seen by ``day`` and by ``night``.

    Splits test_map (day) and test_query (night); images of 60x80 that are easily told apart.
    """
    root = tmp_path_factory.mktemp('tiny') / 'tiny_dataset'
    random = np.random.default_rng(7)
    rows = []
    for place in range(TINY_PLACES):
        blocks = random.integers(0, 256, (6, 8, 3), np.uint8)
        day = np.kron(blocks, np.ones((10, 10, 1), np.uint8))
        for condition, split, image in (('day', 'test_map', day),
                                        ('night', 'test_query', day // 2 + 10)):
            name = f'images/{condition}/{place:03d}.png'
            write_image(root / name, image)
            rows.append((name, f'place_{place}', (20.0 * place, 5.0), condition, split))
    names, places, positions, conditions, splits = zip(*rows, strict=True)
    table = PlaceTable(root, names, places, np.array(positions), np.full(len(rows), 0.5),
                       conditions, splits)
    write_place_dataset(table)
    return root


@pytest.fixture(scope='session')
def unexported_bundle(tmp_path_factory) -> Path:
    """Give an RGB bundle of random weights for images of 48x64, without model.onnx."""
    import torch

    from structvpr_ros.models.branch import Branch
    from structvpr_ros.models.bundle import save_bundle
    from structvpr_ros.models.card import ModelCard
    torch.manual_seed(3)
    branch = Branch('mobilenet_v2', 'gem', 3)
    for module in branch.modules():
        # Statistics as after training; with none, all images have one and the same descriptor.
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    with torch.no_grad():
        branch.train()(torch.randn(32, 3, *TINY_SIZE))
    folder = tmp_path_factory.mktemp('bundle') / 'rgb'
    save_bundle(folder, branch, ModelCard(
        branch='rgb', backbone='mobilenet_v2', aggregator='gem', channels=3,
        input_size=TINY_SIZE, descriptor_size=branch.descriptor_size,
        mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)))
    return folder


@pytest.fixture(scope='session')
def tiny_bundle(unexported_bundle, tmp_path_factory) -> Path:
    """Give the same bundle with model.onnx; read-only, copy it to change it."""
    from structvpr_ros.inference.export import export, ExportOptions
    folder = tmp_path_factory.mktemp('exported') / 'rgb'
    shutil.copytree(unexported_bundle, folder)
    export(ExportOptions(folder))
    return folder


@pytest.fixture(scope='session')
def tiny_map(tiny_dataset, tiny_bundle, tmp_path_factory) -> Path:
    """Give the map of the tiny data set's day images; read-only, copy it to change it."""
    from structvpr_ros.place_map.build import build_map, BuildMapOptions
    return build_map(BuildMapOptions(
        tiny_dataset, tiny_bundle, tmp_path_factory.mktemp('map') / 'tiny_map',
        condition='day'))


@pytest.fixture(scope='session')
def town(tmp_path_factory) -> Path:
    """
    Give a data set of 12 places 50 m apart under 3 lights, encoded in its ``slme`` folder.

    8 places are split train; of the others condition c0 is val_map, the rest val_query.
    """
    root = tmp_path_factory.mktemp('data') / 'town'
    random, rows = np.random.default_rng(5), []
    for place in range(12):
        groups = np.kron(random.integers(1, 7, (4, 5), np.uint8), np.ones((8, 8), np.uint8))
        colours = random.integers(0, 256, (7, 3))
        for light in range(3):
            image = colours[groups] * (1 - 0.3 * light) + random.normal(0, 10, (*TOWN_SIZE, 3))
            name = f'{place:02}_{light}.png'
            write_image(root / 'images' / name, np.clip(image, 0, 255).astype(np.uint8))
            write_image(root / 'slme' / 'groups' / name, groups)
            split = ('train' if place < 8 else 'val_map' if light == 0
                     else 'val_query')
            rows.append((f'images/{name}', f'p{place}', (50.0 * place, 0.0), f'c{light}', split))
    names, places, positions, conditions, splits = zip(*rows)
    write_place_dataset(PlaceTable(root, names, places, np.array(positions),
                                   np.zeros(len(rows)), conditions, splits))
    SlmeCache(root / 'slme', 'made up', '0', GROUPS, TOWN_SIZE).write_description()
    return root


@pytest.fixture(scope='session')
def record_bag() -> type:
    """Give the class that writes bags; see ``BagRecorder``."""
    return BagRecorder


class BagRecorder:
    """
    Writes a real bag of ROS 1 (``bag``) or ROS 2 (``sqlite3``, ``mcap``), message by message.

    Stamps are seconds; what is recorded is recorded at its stamp, unless it says otherwise.
    """

    def __init__(self, path: Path, kind: str = 'mcap') -> None:
        """Begin a bag: the file PATH.bag, or the folder PATH."""
        from rosbags import rosbag1, rosbag2
        from rosbags.typesys import get_types_from_msg, get_typestore, Stores
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path.with_suffix('.bag') if kind == 'bag' else path
        self._store = get_typestore(Stores.ROS1_NOETIC if kind == 'bag' else Stores.ROS2_HUMBLE)
        if kind == 'bag':
            self._store.register(get_types_from_msg(
                'geometry_msgs/TransformStamped[] transforms', 'tf2_msgs/msg/TFMessage'))
            self._writer = rosbag1.Writer(self.path)
        else:
            self._writer = rosbag2.Writer(self.path, version=8, storage_plugin=getattr(
                rosbag2.StoragePlugin, kind.upper()))
        self._connections = {}
        self._writer.open()

    def __enter__(self) -> 'BagRecorder':
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> Path:
        """Finish the bag; return where it lies."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        return self.path

    def declare(self, topic: str, kind: str) -> None:
        """Let the bag have a topic, with or without messages."""
        if topic not in self._connections:
            self._connections[topic] = self._writer.add_connection(
                topic, kind, typestore=self._store)

    def write(self, topic: str, message, recorded: float) -> None:
        """Record a message that ``new`` made."""
        kind = message.__msgtype__
        self.declare(topic, kind)
        serialize = (self._store.serialize_ros1 if self.path.suffix == '.bag'
                     else self._store.serialize_cdr)
        self._writer.write(self._connections[topic], round(recorded * 1e9),
                           bytes(serialize(message, kind)))

    def new(self, kind: str, **fields):
        """Return a message; ``header`` is (stamp, frame)."""
        if 'header' in fields:
            fields['header'] = self._header(*fields['header'])
        return self._store.types[kind](**fields)

    def image(self, stamp: float, image: np.ndarray, topic: str = '/camera/image_raw',
              frame: str = 'camera', recorded: float | None = None, **changes) -> None:
        """Record an RGB image; ``changes`` are made to the message."""
        height, width = image.shape[:2]
        fields = {'height': height, 'width': width, 'encoding': 'rgb8', 'is_bigendian': 0,
                  'step': 3 * width, 'data': image.reshape(-1), **changes}
        message = self.new('sensor_msgs/msg/Image', header=(stamp, frame), **fields)
        self.write(topic, message, stamp if recorded is None else recorded)

    def odometry(self, stamp: float, x: float, y: float, heading: float = 0.0,
                 topic: str = '/odom') -> None:
        """Record an Odometry."""
        pose = self.new('geometry_msgs/msg/PoseWithCovariance', pose=self.pose(x, y, heading),
                        covariance=np.zeros(36))
        zero = self.new('geometry_msgs/msg/Vector3', x=0.0, y=0.0, z=0.0)
        twist = self.new('geometry_msgs/msg/TwistWithCovariance', covariance=np.zeros(36),
                         twist=self.new('geometry_msgs/msg/Twist', linear=zero, angular=zero))
        self.write(topic, self.new('nav_msgs/msg/Odometry', header=(stamp, 'odom'), pose=pose,
                                   child_frame_id='base_link', twist=twist), stamp)

    def pose(self, x: float, y: float, heading: float):
        """Return a geometry_msgs/Pose."""
        return self.new(
            'geometry_msgs/msg/Pose',
            position=self.new('geometry_msgs/msg/Point', x=x, y=y, z=0.0),
            orientation=self.quaternion((0.0, 0.0, np.sin(heading / 2), np.cos(heading / 2))))

    def quaternion(self, numbers):
        """Return a geometry_msgs/Quaternion of x, y, z, w."""
        return self.new('geometry_msgs/msg/Quaternion',
                        **dict(zip('xyzw', map(float, numbers), strict=True)))

    def fix(self, stamp: float, latitude: float, longitude: float, altitude: float = 0.0,
            status: int = 0) -> None:
        """Record a NavSatFix on /fix."""
        told = self.new('sensor_msgs/msg/NavSatStatus', status=status, service=1)
        self.write('/fix', self.new(
            'sensor_msgs/msg/NavSatFix', header=(stamp, 'gps'), status=told, latitude=latitude,
            longitude=longitude, altitude=altitude, position_covariance=np.zeros(9),
            position_covariance_type=0), stamp)

    def transform(self, stamp: float, parent: str, child: str, place, turn,
                  topic: str = '/tf') -> None:
        """Record one transform: x, y, z and a quaternion x, y, z, w."""
        step = self.new('geometry_msgs/msg/Transform', rotation=self.quaternion(turn),
                        translation=self.new('geometry_msgs/msg/Vector3', x=float(place[0]),
                                             y=float(place[1]), z=float(place[2])))
        self.write(topic, self.new('tf2_msgs/msg/TFMessage', transforms=[self.new(
            'geometry_msgs/msg/TransformStamped', header=(stamp, parent), child_frame_id=child,
            transform=step)]), stamp)

    def _header(self, stamp: float, frame: str):
        nanoseconds = round(stamp * 1e9)
        time = self._store.types['builtin_interfaces/msg/Time'](
            sec=nanoseconds // 10 ** 9, nanosec=nanoseconds % 10 ** 9)
        # ROS 1 counts messages as well.
        counted = {'seq': 0} if self.path.suffix == '.bag' else {}
        return self._store.types['std_msgs/msg/Header'](stamp=time, frame_id=frame, **counted)
