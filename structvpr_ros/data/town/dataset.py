# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The stage ``render_town``: photographs of a town, with labels and poses, as a place data set."""

from dataclasses import asdict, dataclass
import logging
from pathlib import Path

import numpy as np
import yaml

from structvpr_ros.data.folder import write_place_dataset
from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.town.camera import Camera
from structvpr_ros.data.town.conditions import CONDITIONS
from structvpr_ros.data.town.photographers import photograph
from structvpr_ros.data.town.poses import Jitter, pose_at
from structvpr_ros.data.town.visits import plan_visits, Visit
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.storage import replacing_file
from structvpr_ros.yaml_file import read_yaml

DESCRIPTION = 'town.yaml'
# To be raised whenever the same options would give other pictures.
_VERSION = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RenderOptions:
    """
    Which town to render, how much of it, and how.

    :param output: folder of the place data set; one of the same options is resumed.
    :param seed: of the town; another seed is another town.
    :param size: height and width of the images in pixels, as in ``--size [240,320]``.
    :param field_of_view: horizontal, radians.
    :param train_places: places to train with, 5 metres apart.
    :param val_places: places in other streets, to validate with.
    :param test_places: places in yet other streets, to test with.
    :param conditions: of sunny, overcast, dusk, night, rain, fog, snow, autumn.
    :param jitter: how far a view may be from its place.
    :param workers: processes; 0 takes one per core.
    """

    output: Path
    seed: int = 0
    size: tuple[int, int] = (240, 320)
    field_of_view: float = 1.309
    train_places: int = 150
    val_places: int = 30
    test_places: int = 60
    conditions: tuple[str, ...] = tuple(CONDITIONS)
    jitter: Jitter = Jitter()
    workers: int = 0

    def __post_init__(self) -> None:
        if min(self.train_places, self.val_places, self.test_places) < 1:
            raise ConfigurationError(
                'expected at least one place of each split, found train_places '
                f'{self.train_places}, val_places {self.val_places}, '
                f'test_places {self.test_places}')
        if min(self.seed, self.workers) < 0:
            raise ConfigurationError('expected seed >= 0 and workers >= 0, found '
                                     f'{self.seed} and {self.workers}')
        unknown = [name for name in self.conditions if name not in CONDITIONS]
        if unknown or not self.conditions or len(set(self.conditions)) < len(self.conditions):
            raise ConfigurationError(f'expected different conditions of {", ".join(CONDITIONS)}, '
                                     f'found {", ".join(self.conditions) or "none"}')

    @property
    def camera(self) -> Camera:
        """Return the camera that takes the photographs."""
        return Camera(self.size[1], self.size[0], self.field_of_view)


def render_town(options: RenderOptions) -> Path:
    """
    Render a town as a place data set with label maps; return its folder.

    Splits are train, val_map, val_query, test_map and test_query; maps are sunny, queries of
    every condition. Label maps are Cityscapes trainIds. They show what is there, in any weather:
    road below snow is road, and fog, drops and flakes hide nothing; only trees, which thin in
    autumn and winter, let one see what is behind them. Run it again to resume: photographs that
    exist are kept. The same options give the same bytes, with any number of workers.

    :raises ConfigurationError: an option cannot work, or the output holds something else than
        a town of these options.
    """
    camera = options.camera
    visits = plan_visits(options.seed, options.train_places, options.val_places,
                         options.test_places, options.conditions)
    root = Path(options.output).resolve()
    _claim(root, options)
    rendered = photograph(visits, root, camera, options.jitter, options.workers)
    table = _table(root, visits, options.jitter)
    write_place_dataset(table)
    _log.info('%d images in %s (%d kept from before)', len(table), root, len(table) - rendered)
    return root


def _claim(root: Path, options: RenderOptions) -> None:
    """Write the options into a new folder; compare them with those of an old one."""
    wanted = _description(options)
    path = root / DESCRIPTION
    if path.is_file():
        found = read_yaml(path, ConfigurationError)
        if not isinstance(found, dict):
            raise ConfigurationError(f'{path}: expected the options of a town, found none')
        for name in sorted({*wanted, *found}, key=str):
            if found.get(name) != wanted.get(name):
                raise ConfigurationError(
                    f'{root}: expected a town of {name} {wanted.get(name)}, found '
                    f'{found.get(name)}: remove it or choose another output')
    elif root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ConfigurationError(
            f'{root}: expected a rendered town, an empty folder or nothing, found other files')
    else:
        with replacing_file(path) as aside:
            aside.write_text(yaml.safe_dump(wanted, sort_keys=False), encoding='utf-8')


def _description(options: RenderOptions) -> dict:
    plain = asdict(options)
    del plain['output'], plain['workers']
    return {'version': _VERSION, **plain, 'size': list(options.size),
            'conditions': list(options.conditions)}


def _table(root: Path, visits: tuple[Visit, ...], jitter: Jitter) -> PlaceTable:
    rows = [(visit, place) for visit in visits for place in range(visit.street.places)]
    poses = []
    for visit, place in rows:
        pose = pose_at(visit.street, visit.condition.name, visit.number, place, jitter)
        poses.append(visit.street.to_town(*pose.position[:2].tolist(), pose.heading))
    table = np.array(poses)
    return PlaceTable(
        root=root,
        images=tuple(f'images/{visit.stem(place)}.jpg' for visit, place in rows),
        places=tuple(visit.place_id(place) for visit, place in rows),
        positions=table[:, :2], headings=table[:, 2],
        conditions=tuple(visit.condition.name for visit, _ in rows),
        splits=tuple(visit.split for visit, _ in rows))
