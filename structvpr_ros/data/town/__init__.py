# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The procedural town: streets drawn from a seed, seen by a camera in every light and season.

From plan to picture: ``layout`` and ``plots`` plan, ``buildings``, ``scenery``, ``ground`` and
``traffic`` turn plans into textured surfaces, ``raster`` projects them, ``light`` and ``weather``
make a photograph of them, ``drive`` puts one visit together and ``dataset`` writes many.
All randomness comes from ``seeds``; no file reading, no ROS type and no learning belongs here.
"""
