# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Where and when a photograph was taken, from its EXIF header (CIPA DC-008), by Pillow.

Names of the numbers below are those of the standard.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
import math
from pathlib import Path
from typing import Any, Mapping, Optional

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.errors import ConfigurationError, ImageError

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_DATE_TIME, _DATE_TIME_ORIGINAL, _SUB_SEC, _OFFSET = 0x0132, 0x9003, 0x9291, 0x9011
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_ALTITUDE_REF, _ALTITUDE, _TIME_STAMP, _DIRECTION, _DATE_STAMP = 5, 6, 7, 17, 29
_FORMATS = ('JPEG', 'MPO', 'PNG', 'TIFF', 'WEBP')


@dataclass(frozen=True)
class Taken:
    """
    What a photograph says of itself.

    :param point: where it was taken; None where unknown.
    :param heading: radians counter-clockwise from east that the camera looked; None where unknown.
    :param stamp: seconds since 1970 UTC; None where unknown. A camera without a time zone is
        taken to be at UTC.
    """

    point: Optional[GeoPoint] = None
    heading: Optional[float] = None
    stamp: Optional[float] = None


def read_taken(path: Path) -> Taken:
    """
    Read where and when a photograph was taken; what its header does not tell is None.

    :raises ImageError: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise ImageError('expected Pillow, which reads where photographs were taken: '
                         'pip install pillow') from error
    try:
        # Only the head of the file is read; pixels are OpenCV's.
        with Image.open(path, formats=_FORMATS) as image:
            exif = image.getexif()
            gps, own, general = exif.get_ifd(_GPS_IFD), exif.get_ifd(_EXIF_IFD), dict(exif)
    # A header is data from elsewhere, and there are many ways to damage one.
    except Exception:
        return Taken()
    return Taken(_point(gps), _heading(gps), _gps_stamp(gps) or _camera_stamp(own, general))


def _point(gps: Mapping[int, Any]) -> Optional[GeoPoint]:
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), 'NS')
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), 'EW')
    if latitude is None or longitude is None:
        return None
    altitude = _number(gps.get(_ALTITUDE)) or 0.0
    below = gps.get(_ALTITUDE_REF) in (1, b'\x01')
    try:
        return GeoPoint(latitude, longitude, -altitude if below else altitude)
    except ConfigurationError:
        return None


def _degrees(value: Any, reference: Any, signs: str) -> Optional[float]:
    if not isinstance(value, tuple) or len(value) != 3 or reference not in tuple(signs):
        return None
    parts = [_number(part) for part in value]
    if None in parts:
        return None
    degrees, minutes, seconds = parts
    return (degrees + minutes / 60 + seconds / 3600) * (1 if reference == signs[0] else -1)


def _heading(gps: Mapping[int, Any]) -> Optional[float]:
    # Clockwise from north; magnetic north, where the reference says so, is taken for the true one.
    direction = _number(gps.get(_DIRECTION))
    if direction is None:
        return None
    return math.remainder(math.pi / 2 - math.radians(direction), math.tau)


def _gps_stamp(gps: Mapping[int, Any]) -> Optional[float]:
    clock, date = gps.get(_TIME_STAMP), gps.get(_DATE_STAMP)
    if not isinstance(clock, tuple) or len(clock) != 3 or not isinstance(date, str):
        return None
    parts = [_number(part) for part in clock]
    if None in parts:
        return None
    hours, minutes, seconds = parts
    try:
        day = datetime.strptime(date.strip('\0 '), '%Y:%m:%d').replace(tzinfo=timezone.utc)
        time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return (day + time).timestamp()
    except (ValueError, OverflowError):
        return None


def _camera_stamp(own: Mapping[int, Any], general: Mapping[int, Any]) -> Optional[float]:
    date = own.get(_DATE_TIME_ORIGINAL) or general.get(_DATE_TIME)
    zone, fraction = own.get(_OFFSET), own.get(_SUB_SEC)
    if not isinstance(date, str):
        return None
    text = date.strip('\0 ') + (zone if isinstance(zone, str) else '+00:00')
    part = f'0.{fraction.strip()}' if isinstance(fraction, str) and fraction.strip().isdecimal() \
        else '0'
    try:
        return datetime.strptime(text, '%Y:%m:%d %H:%M:%S%z').timestamp() + float(part)
    except (ValueError, OverflowError):
        return None


def _number(value: Any) -> Optional[float]:
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e9 else None
