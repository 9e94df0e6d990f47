# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The conditions: light, weather and season of a visit, as numbers for those who render them."""

from dataclasses import dataclass

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Condition:
    """
    Light, weather and season. Light is linear RGB, where white in plain daylight is about 1.

    :param name: as users know it.
    :param season: of the trees and the ground: 'summer', 'autumn' or 'winter'.
    :param sun: light of the sun on what faces it.
    :param elevation: lowest and highest elevation of the sun, degrees.
    :param ambient: light of the whole sky on level ground.
    :param zenith: colour of the sky overhead.
    :param horizon: colour of the sky at the horizon.
    :param cloud: colour of clouds.
    :param cloudiness: share of the sky with clouds, 0 to 1.
    :param haze: extinction per metre; what is lost to it takes ``haze_colour``.
    :param haze_colour: linear RGB.
    :param lamps: brightness of street lamps and of the lights of vehicles and shops.
    :param windows: share of windows that are lit.
    :param wetness: how far the ground mirrors, 0 to 1.
    :param rain: streaks and drops, 0 to 1.
    :param flakes: falling snow, 0 to 1.
    :param noise: standard deviation of the sensor's noise, of full scale.
    :param exposure: how the camera sets its gain, 1 at daylight.
    :param bustle: how many people and vehicles are about, 1 on a fine day.
    """

    name: str
    season: str = 'summer'
    sun: Rgb = (0.0, 0.0, 0.0)
    elevation: tuple[float, float] = (35.0, 55.0)
    ambient: Rgb = (0.8, 0.82, 0.85)
    zenith: Rgb = (0.6, 0.63, 0.67)
    horizon: Rgb = (0.85, 0.87, 0.9)
    cloud: Rgb = (0.9, 0.9, 0.9)
    cloudiness: float = 0.0
    haze: float = 0.0012
    haze_colour: Rgb = (0.7, 0.75, 0.8)
    lamps: float = 0.0
    windows: float = 0.0
    wetness: float = 0.0
    rain: float = 0.0
    flakes: float = 0.0
    noise: float = 0.012
    exposure: float = 1.0
    bustle: float = 1.0


CONDITIONS: dict[str, Condition] = {condition.name: condition for condition in (
    Condition('sunny', sun=(1.75, 1.58, 1.30), elevation=(30, 56), ambient=(0.54, 0.61, 0.72),
              zenith=(0.14, 0.32, 0.74), horizon=(0.62, 0.78, 0.95), cloud=(1.15, 1.15, 1.15),
              cloudiness=0.35, exposure=1.2),
    Condition('overcast', ambient=(0.92, 0.94, 0.97), zenith=(0.55, 0.58, 0.62),
              horizon=(0.78, 0.80, 0.82), cloud=(0.42, 0.44, 0.48), cloudiness=0.6, haze=0.0025,
              haze_colour=(0.68, 0.70, 0.73), bustle=0.8),
    Condition('dusk', sun=(0.42, 0.20, 0.09), elevation=(5, 9), ambient=(0.17, 0.17, 0.24),
              zenith=(0.07, 0.10, 0.22), horizon=(0.62, 0.32, 0.18), cloud=(0.42, 0.20, 0.20),
              cloudiness=0.45, haze=0.003, haze_colour=(0.30, 0.22, 0.20), lamps=0.35,
              windows=0.35, noise=0.022, exposure=1.35, bustle=0.9),
    Condition('night', ambient=(0.006, 0.007, 0.012), zenith=(0.004, 0.005, 0.010),
              horizon=(0.020, 0.017, 0.018), cloud=(0.016, 0.013, 0.013), cloudiness=0.5,
              haze=0.004, haze_colour=(0.016, 0.014, 0.013), lamps=1.0, windows=0.45,
              noise=0.045, exposure=1.9, bustle=0.5),
    Condition('rain', ambient=(0.46, 0.49, 0.53), zenith=(0.34, 0.37, 0.41),
              horizon=(0.52, 0.55, 0.58), cloud=(0.26, 0.28, 0.32), cloudiness=0.8, haze=0.007,
              haze_colour=(0.48, 0.51, 0.54), lamps=0.15, windows=0.2, wetness=1.0, rain=1.0,
              noise=0.018, exposure=1.25, bustle=0.5),
    Condition('fog', ambient=(0.62, 0.63, 0.64), zenith=(0.66, 0.67, 0.69),
              horizon=(0.68, 0.69, 0.70), haze=0.034, haze_colour=(0.66, 0.67, 0.69),
              lamps=0.12, windows=0.15, noise=0.014, bustle=0.5),
    Condition('snow', season='winter', ambient=(0.66, 0.69, 0.74), zenith=(0.62, 0.64, 0.68),
              horizon=(0.74, 0.76, 0.79), cloud=(0.55, 0.57, 0.61), cloudiness=0.6, haze=0.016,
              haze_colour=(0.70, 0.72, 0.75), windows=0.15, flakes=1.0, noise=0.014,
              bustle=0.5),
    Condition('autumn', season='autumn', sun=(1.25, 0.95, 0.58), elevation=(14, 26),
              ambient=(0.42, 0.43, 0.46), zenith=(0.26, 0.38, 0.58),
              horizon=(0.74, 0.70, 0.62), cloud=(0.85, 0.80, 0.74), cloudiness=0.5, haze=0.004,
              haze_colour=(0.66, 0.62, 0.54)),
)}

REFERENCE = 'sunny'
