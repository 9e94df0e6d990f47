# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Whole views: what the picture shows is what the labels say, under every condition."""

from dataclasses import replace

import numpy as np
import pytest

from structvpr_ros.data.town.camera import Camera
from structvpr_ros.data.town.conditions import CONDITIONS
from structvpr_ros.data.town.drive import Drive, start_drive, View
from structvpr_ros.data.town.labels import GROUND, Label
from structvpr_ros.data.town.layout import plan_streets
from structvpr_ros.data.town.poses import Jitter
from structvpr_ros.data.town.traffic import Traffic

STREET = plan_streets(2, [12])[0]
CAMERA = Camera(160, 120)
STILL = Jitter(0, 0, 0, 0)
PLACES = (0, 5, 9)
DYNAMIC = (Label.PERSON, Label.RIDER, Label.CAR, Label.TRUCK, Label.BUS, Label.BICYCLE)


@pytest.fixture(scope='module')
def drives() -> dict[str, Drive]:
    """Give a drive in each condition."""
    ordered = sorted(CONDITIONS.values(), key=lambda condition: condition.season)
    return {condition.name: start_drive(STREET, condition, 0) for condition in ordered}


@pytest.fixture(scope='module')
def empty_views(drives: dict[str, Drive]) -> dict[str, list[View]]:
    """Give views from the same poses in each condition, with nobody on the street."""
    return {name: [empty(drive).view(place, CAMERA, STILL) for place in PLACES]
            for name, drive in drives.items()}


def empty(drive: Drive) -> Drive:
    return replace(drive, traffic=Traffic(STREET, ()))


def grey(view: View) -> np.ndarray:
    return view.image.mean(axis=2)


def brightness(views: list[View], labels: tuple[int, ...]) -> float:
    return float(np.mean([grey(view)[np.isin(view.labels, labels)].mean() for view in views]))


def test_views_have_the_size_and_classes_they_should(drives: dict[str, Drive]) -> None:
    for drive in drives.values():
        view = drive.view(3, CAMERA, Jitter())
        assert view.image.shape == (120, 160, 3) and view.image.dtype == np.uint8
        assert view.labels.shape == (120, 160) and view.labels.dtype == np.uint8
        assert set(np.unique(view.labels)) <= set(Label)


def test_every_view_is_that_of_a_street(empty_views: dict[str, list[View]]) -> None:
    for views in empty_views.values():
        for view in views:
            shares = {label: np.mean(view.labels == label) for label in Label}
            assert shares[Label.ROAD] > 0.15
            assert shares[Label.SKY] > 0.02
            assert shares[Label.BUILDING] + shares[Label.VEGETATION] > 0.15
            # The sky is above, the ground is below.
            assert (view.labels[-1] != Label.SKY).all()
            assert not np.isin(view.labels[:40], GROUND).any()


def test_a_view_can_be_had_again(drives: dict[str, Drive]) -> None:
    again = start_drive(STREET, CONDITIONS['night'], 0)
    # In another order, and after other views.
    for place in (7, 2):
        one, two = (drive.view(place, CAMERA, Jitter()) for drive in (drives['night'], again))
        np.testing.assert_array_equal(one.image, two.image)
        np.testing.assert_array_equal(one.labels, two.labels)


def test_weather_changes_the_picture_and_not_the_labels(
        empty_views: dict[str, list[View]]) -> None:
    for name, views in empty_views.items():
        for view, sunny in zip(views, empty_views['sunny']):
            assert name == 'sunny' or (view.image != sunny.image).mean() > 0.5
            if CONDITIONS[name].season == 'summer':
                np.testing.assert_array_equal(view.labels, sunny.labels)


def test_seasons_thin_the_trees_and_leave_the_rest(empty_views: dict[str, list[View]]) -> None:
    for name in ('autumn', 'snow'):
        for view, sunny in zip(empty_views[name], empty_views['sunny']):
            changed = view.labels != sunny.labels
            # Through thinner trees one sees more of what is behind; nothing else changes.
            assert (sunny.labels[changed] == Label.VEGETATION).all()
            assert changed.mean() < 0.12


def test_the_sky_is_grey_when_overcast_and_blue_when_sunny(
        empty_views: dict[str, list[View]]) -> None:
    for view in empty_views['overcast']:
        sky = view.image[view.labels == Label.SKY].astype(float)
        assert np.abs(sky.mean(axis=0) - sky.mean()).max() < 12 and sky.mean() > 140
        assert sky.std(axis=0).max() < 40
    for view in empty_views['sunny']:
        red, _, blue = view.image[view.labels == Label.SKY].mean(axis=0)
        assert blue > red + 15


def test_edges_of_labels_are_edges_of_the_picture(empty_views: dict[str, list[View]]) -> None:
    # Roofs against the sky, the clearest edge there is.
    for view in empty_views['overcast']:
        luminance = grey(view)
        step = np.abs(np.diff(luminance, axis=0))
        edge = (view.labels[1:] == Label.BUILDING) & (view.labels[:-1] == Label.SKY)
        assert edge.sum() > 20
        # The edge may fall into either of two rows, as a pixel may be part roof, part sky.
        near = np.maximum(step[1:], step[:-1])[edge[1:]]
        assert np.median(near) > 5 * np.median(step)


def test_night_is_dark_and_snow_lies_on_the_ground(empty_views: dict[str, list[View]]) -> None:
    everything = tuple(Label)
    assert brightness(empty_views['night'], everything) < 0.6 * brightness(
        empty_views['sunny'], everything)
    assert brightness(empty_views['night'], (Label.SKY,)) < 50
    assert brightness(empty_views['dusk'], everything) < brightness(
        empty_views['overcast'], everything)
    ground = (Label.SIDEWALK, Label.TERRAIN)
    assert brightness(empty_views['snow'], ground) > brightness(
        empty_views['overcast'], ground) + 20


def test_windows_and_signals_glow_at_night(empty_views: dict[str, list[View]]) -> None:
    for view in empty_views['night']:
        building = grey(view)[view.labels == Label.BUILDING]
        assert np.percentile(building, 99.5) > 3 * np.median(building) + 30


def test_fog_swallows_the_street_with_distance(empty_views: dict[str, list[View]]) -> None:
    for view in empty_views['fog']:
        luminance, road = grey(view), view.labels == Label.ROAD
        fog = luminance[view.labels == Label.SKY].mean()
        rows = np.flatnonzero(road.sum(axis=1) > 3)
        far, near = (np.abs(fog - luminance[part][road[part]].mean())
                     for part in (rows[:4], rows[-20:]))
        assert far < 0.35 * near


def test_autumn_is_more_yellow_and_rain_less_coloured(
        empty_views: dict[str, list[View]]) -> None:
    def warmth(name: str) -> float:
        leaves = [view.image[view.labels == Label.VEGETATION] for view in empty_views[name]]
        red, _, blue = np.concatenate(leaves).mean(axis=0)
        return red - blue

    def colourfulness(name: str) -> float:
        return float(np.mean([np.ptp(view.image, axis=2) for view in empty_views[name]]))

    assert warmth('autumn') > warmth('overcast') + 15
    assert colourfulness('rain') < colourfulness('sunny')


def test_traffic_changes_from_visit_to_visit_and_the_street_does_not() -> None:
    first, second = (start_drive(STREET, CONDITIONS['sunny'], visit) for visit in (0, 1))
    one, two = (drive.view(5, CAMERA, STILL).labels for drive in (first, second))
    moving = np.isin(one, DYNAMIC) | np.isin(two, DYNAMIC)
    assert moving.any() and (one != two)[moving].any()
    np.testing.assert_array_equal(one[~moving], two[~moving])


def test_traffic_moves_on_during_a_visit(drives: dict[str, Drive]) -> None:
    traffic = drives['sunny'].traffic
    parked = [mover for mover in traffic.movers if mover.speed == 0]
    moving = [mover for mover in traffic.movers if mover.speed != 0]
    assert moving and all(mover.at(3.0) == mover.at(0.0) for mover in parked)
    assert all(mover.at(3.0) == pytest.approx(mover.x + 3 * mover.speed) for mover in moving)


def test_nobody_drives_through_the_camera(drives: dict[str, Drive]) -> None:
    for drive in drives.values():
        for place in range(12):
            for thing in drive.traffic.around(place * 5.0, float(place)):
                centre = (thing.corners + thing.across / 2).mean(axis=0)
                beside = centre[1] - STREET.centre(centre[0])
                in_lane = -STREET.lane * 0.8 < beside < -STREET.lane * 0.2
                assert not (in_lane and abs(centre[0] - place * 5.0) < 5)


def test_another_street_looks_otherwise(empty_views: dict[str, list[View]]) -> None:
    other = plan_streets(3, [12])[0]
    drive = replace(start_drive(other, CONDITIONS['overcast'], 0), traffic=Traffic(other, ()))
    for place, view in zip(PLACES, empty_views['overcast']):
        assert (drive.view(place, CAMERA, STILL).labels != view.labels).mean() > 0.1


def test_structure_tells_places_apart(empty_views: dict[str, list[View]]) -> None:
    night, sunny = ([view.labels for view in empty_views[name]] for name in ('night', 'sunny'))
    agreement = np.array([[np.mean(one == two) for two in sunny] for one in night])
    assert (agreement.argmax(axis=1) == np.arange(len(PLACES))).all()
    off = agreement[~np.eye(len(PLACES), dtype=bool)]
    assert off.max() < 0.95
