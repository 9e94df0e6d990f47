# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One visit: a drive along a street under a condition, with a view from every place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.town.camera import Camera, Pose
from structvpr_ros.data.town.conditions import Condition
from structvpr_ros.data.town.labels import Label
from structvpr_ros.data.town.layout import Street
from structvpr_ros.data.town.light import Light, shine
from structvpr_ros.data.town.picture import develop, OVERSAMPLING, Picture
from structvpr_ros.data.town.poses import Jitter, pose_at
from structvpr_ros.data.town.raster import Raster
from structvpr_ros.data.town.scene import build_scene, Scene
from structvpr_ros.data.town.seeds import stream
from structvpr_ros.data.town.sensor import expose
from structvpr_ros.data.town.shade import cast
from structvpr_ros.data.town.sky import draw_sky, Sky
from structvpr_ros.data.town.surface import Mesh
from structvpr_ros.data.town.traffic import plan_traffic, Traffic
from structvpr_ros.data.town.weather import mirror, rain, snowfall, veil

SECONDS_PER_PLACE = 1.0


@dataclass(frozen=True)
class View:
    """
    What one photograph shows.

    :param image: uint8 (H, W, 3) RGB.
    :param labels: uint8 (H, W), Cityscapes trainIds.
    :param pose: of the camera, in the street's frame.
    """

    image: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    pose: Pose


@dataclass(frozen=True)
class Drive:
    """One visit to a street: its light, sky and traffic are the same for all of its views."""

    scene: Scene
    condition: Condition
    visit: int
    light: Light
    sky: Sky
    traffic: Traffic

    def view(self, place: int, camera: Camera, jitter: Jitter) -> View:
        """Take the photograph of a place, and its label map."""
        pose = pose_at(self.scene.street, self.condition.name, self.visit, place, jitter)
        things = self.traffic.around(pose.position[0], place * SECONDS_PER_PLACE)
        mesh = Mesh.join([self.scene.mesh, *things])
        raster = Raster(camera.enlarged(OVERSAMPLING), pose)
        raster.paint_ground(self.scene.ground)
        raster.paint(mesh)
        level = self.light.facing(np.array([[0.0, 0.0, 1.0]]), np.array([Label.ROAD]))[0]
        picture = develop(raster, mesh, self.light.facing(mesh.normals, mesh.labels), level,
                          camera)
        rays = picture.rays()
        shade = cast(things, self.light.sun, camera, pose, picture.ground)
        image = self.light.illuminate(picture, rays, shade)
        image = veil(image, picture, self.condition)
        image = self.sky.behind(image, picture, rays)
        street = self.scene.street
        rng = stream(street.seed, 'weather', street.name, self.condition.name, self.visit, place)
        image = self._weather(image, picture, rng)
        return View(expose(image, self.condition, rng), picture.labels, pose)

    def _weather(self, image: NDArray[np.float32], picture: Picture,
                 rng: np.random.Generator) -> NDArray[np.float32]:
        condition = self.condition
        if condition.wetness:
            image = mirror(image, picture, condition.wetness)
        if condition.rain:
            image = rain(image, rng, condition.rain)
        if condition.flakes:
            image = snowfall(image, rng, condition.flakes)
        return image


def start_drive(street: Street, condition: Condition, visit: int) -> Drive:
    """Prepare one visit to a street."""
    rng = stream(street.seed, 'drive', street.name, condition.name, visit)
    scene = build_scene(street, condition.season)
    light = shine(scene, condition, rng)
    return Drive(scene, condition, visit, light, draw_sky(condition, light.sun, rng),
                 plan_traffic(street, rng, condition.bustle, condition.rain > 0))
