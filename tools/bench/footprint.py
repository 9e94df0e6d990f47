# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""(e) What holds time and memory when the node starts: step by step, in a process of its own."""

import json
from pathlib import Path
import subprocess
import sys

# Each step with what it stands for; the node does them in this order.
_STEPS = """
import json, os, sys, time
def resident():
    return int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6
rows, last = {{}}, [time.perf_counter(), 0.0, 0.0]
def step(name):
    now, held, worked = time.perf_counter(), resident(), time.process_time()
    rows[name] = {{'ms': 1e3 * (now - last[0]), 'mb': held - last[1],
                   'cpu_ms': 1e3 * (worked - last[2])}}
    last[:] = time.perf_counter(), held, worked
step('Python')
import numpy; step('NumPy')
import cv2; step('OpenCV')
import faiss; step('FAISS')
import rclpy; step('rclpy')
from structvpr_ros.node.localize_node import LocalizeNode; step('the node and its messages')
from pathlib import Path
from structvpr_ros.place_map.place_map import PlaceMap
place_map = PlaceMap.open(Path({place_map!r})); step('map')
from structvpr_ros.inference.engines import create_engine
engine = create_engine(Path({model!r}), *{engine!r}); step('engine')
from structvpr_ros.matching.localizer import Localizer
localizer = Localizer(place_map, engine)
localizer.recognize(numpy.zeros((480, 640, 3), numpy.uint8), 0.0); step('first answer')
heavy = {{'torch', 'lightning', 'matplotlib', 'onnx'}} & set(sys.modules)
print(json.dumps({{'steps': rows, 'engine': engine.name, 'heavy': sorted(heavy)}}))
"""


def footprint(place_map: Path, model: Path, engine: str) -> dict:
    """
    Return milliseconds, of which of processors, and megabytes of each step to the first answer.

    It is that of a second start: a first one fills the cache of what OpenVINO compiled. Map and
    engine are loaded one after the other here, at once by the node.

    :param engine: ``KIND PROVIDER PRECISION``.
    """
    kind, provider, precision = engine.split()
    script = _STEPS.format(place_map=str(place_map), model=str(model),
                           engine=(kind, 0, provider, precision))
    for _ in range(2):
        done = subprocess.run([sys.executable, '-c', script], check=True, text=True,
                              stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    steps = told['steps'].values()
    told['total'] = {key: sum(row[key] for row in steps) for key in ('ms', 'cpu_ms', 'mb')}
    return told
