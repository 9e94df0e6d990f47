# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Where and when photographs were taken, and headers that are damaged."""

import math

from hypothesis import given, settings, strategies as st
import pytest

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.photos.exif import read_taken, Taken

MUNICH = {1: 'N', 2: (48.0, 8.0, 30.0), 3: 'E', 4: (11.0, 34.0, 12.0)}


def test_a_whole_header(photograph):
    taken = read_taken(photograph(gps={
        **MUNICH, 5: b'\x00', 6: 519.5, 7: (12.0, 30.0, 15.5), 17: 90.0, 29: '2026:11:23'}))
    assert taken.point.latitude == pytest.approx(48 + 8 / 60 + 30 / 3600)
    assert taken.point.longitude == pytest.approx(11 + 34 / 60 + 12 / 3600)
    assert taken.point.altitude == pytest.approx(519.5)
    assert taken.heading == pytest.approx(0.0), 'east is where x points'
    assert taken.stamp == pytest.approx(1795437015.5)


def test_the_other_hemispheres_and_below_the_sea(photograph):
    taken = read_taken(photograph(gps={**MUNICH, 1: 'S', 3: 'W', 5: b'\x01', 6: 3.0, 17: 0.0}))
    assert taken.point == GeoPoint(-(48 + 8 / 60 + 30 / 3600), -(11 + 34 / 60 + 12 / 3600), -3.0)
    assert taken.heading == pytest.approx(math.pi / 2), 'north is where y points'


@pytest.mark.parametrize(('own', 'stamp'), [
    ({0x9003: '2026:11:23 12:30:15'}, 1795437015.0),
    ({0x9003: '2026:11:23 12:30:15', 0x9291: '25'}, 1795437015.25),
    ({0x9003: '2026:11:23 12:30:15', 0x9011: '+02:00'}, 1795437015.0 - 7200),
    ({0x9003: 'yesterday'}, None), ({0x9003: '0000:00:00 00:00:00'}, None), ({}, None)])
def test_the_clock_of_the_camera(photograph, own, stamp):
    assert read_taken(photograph(own=own)) == Taken(stamp=stamp)


@pytest.mark.parametrize('change', [
    {1: 'X'}, {2: (91.0, 0.0, 0.0)}, {4: (181.0, 0.0, 0.0)}, {2: (1.0,)}])
def test_no_place_on_earth(photograph, change):
    assert read_taken(photograph(gps={**MUNICH, **change})).point is None


@settings(max_examples=150)
@given(data=st.data())
def test_damaged_headers_raise_nothing(tmp_path_factory, data):
    from PIL import Image
    path = tmp_path_factory.mktemp('damaged') / 'a.jpg'
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({**MUNICH, 7: (1.0, 2.0, 3.0), 29: '2026:11:23', 17: 3.5})
    Image.new('RGB', (8, 8)).save(path, exif=exif)
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(2, min(len(content) - 1, 400)), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[:data.draw(st.integers(0, len(content)))])
    taken = read_taken(path)
    assert taken.heading is None or -math.pi <= taken.heading <= math.pi
    assert taken.stamp is None or math.isfinite(taken.stamp)
