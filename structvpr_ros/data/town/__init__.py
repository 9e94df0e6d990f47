# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The procedural town: streets drawn from a seed, seen by a camera in every light and season.

From plan to picture: ``layout``, ``plots`` and ``visits`` plan; ``buildings``, ``trees``,
``lamps``, ``signs``, ``borders``, ``ground`` and ``traffic`` turn plans into textured surfaces,
which ``scene`` gathers; ``raster`` projects them, ``picture`` shrinks what it painted; ``light``,
``sky``, ``weather`` and ``sensor`` make a photograph of it. ``drive`` puts one visit together,
``dataset`` writes many. All randomness comes from ``seeds``. No ROS type and no learning belongs
here, and but for ``dataset`` and ``photographers`` nothing touches the disk.
"""
