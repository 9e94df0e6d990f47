# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Maps that are replaced without pause: whoever writes is killed, whoever reads sees one whole."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

from structvpr_ros import storage

# Forks writers that replace the map by one of two others, over and over; kills each with SIGKILL
# after a random time, and opens what is there then. Without a reader there would be no witness of
# the time between: the second mode opens the map over and over while one writer lives.
SCRIPT = """
from dataclasses import replace
import os, random, signal, sys, time
from pathlib import Path
from structvpr_ros.place_map.content import content_of
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map

mode, target, *others = sys.argv[1:]
maps = [PlaceMap.open(Path(other)) for other in others]
target = Path(target)

def content(place_map):
    return content_of(place_map, range(len(place_map)))

def write_forever():
    while True:
        for place_map in maps:
            write_map(target, content(place_map))

def look():
    found = PlaceMap.open(target)
    assert any(found.frames == known.frames
               and (found.descriptors() == known.descriptors()).all() for known in maps)
    assert found.thumbnails.jpeg(0) in [known.thumbnails.jpeg(0) for known in maps]
    return found.meta.created

write_map(target, content(maps[0]))
dice = random.Random(0)
for _ in range(100 if mode == 'kill' else 1):
    writer = os.fork()
    if writer == 0:
        write_forever()
    if mode == 'kill':
        time.sleep(dice.uniform(0.0, 0.05))
    else:
        for _ in range(200):
            look()
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    look()
write_map(target, content(maps[1]))
assert not [name for name in os.listdir(target.parent) if name.startswith('.')]
print('good')
"""


def run(mode: str, *folders: Path) -> None:
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, '-c', SCRIPT, mode, *map(str, folders)], text=True,
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.stdout == 'good\n', done.stdout


@pytest.mark.parametrize('mode', ['kill', 'read'])
def test_a_map_is_the_old_one_or_the_new_one(make_map, tmp_path, mode):
    (tmp_path / 'one').mkdir()
    (tmp_path / 'other').mkdir()
    if not storage._exchange(tmp_path / 'one', tmp_path / 'other'):
        pytest.skip('this file system cannot exchange two folders in one step')
    # As many images in both: only a mixture could be told by their number.
    others = make_map('other/a', 4, 'monday'), make_map('other/b', 4, 'tuesday')
    run(mode, tmp_path / 'living' / 'map', *others)
