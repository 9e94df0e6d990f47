# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The node and a real server of its map, which hangs, dies and comes back."""

from contextlib import closing
import signal
import socket
import subprocess
import sys
import time

import pytest

from structvpr_ros.data.folder import read_place_dataset
from structvpr_ros.data.image_files import read_image
from structvpr_ros.errors import StoreError
from structvpr_ros.place_map.milvus_client import connect, MilvusOptions, store_faults

pytest.importorskip('pymilvus', reason='pip install "structvpr_ros[milvus]"')
pytest.importorskip('milvus_lite', reason='pip install "structvpr_ros[milvus]"')

WITHIN = 60.0  # seconds


class Server:
    """Milvus Lite as a server of its own, behind a port."""

    def __init__(self, folder) -> None:
        with closing(socket.create_server(('127.0.0.1', 0))) as free:
            self._port = free.getsockname()[1]
        self._folder = folder
        self.start()

    @property
    def uri(self) -> str:
        return f'http://127.0.0.1:{self._port}'

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, '-m', 'milvus_lite', 'server', '--data-dir', str(self._folder),
             '--host', '127.0.0.1', '--port', str(self._port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + WITHIN
        while True:
            try:
                options = MilvusOptions(self.uri, timeout=5.0)
                with closing(connect(options)) as client, store_faults(options):
                    client.list_collections()
                    return
            except StoreError:
                assert time.monotonic() < end and self._process.poll() is None

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def die(self) -> None:
        self._process.kill()
        self._process.wait(WITHIN)


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path / 'server')
    yield running
    running.die()


@pytest.mark.slow
def test_the_map_of_the_folder_answers_while_the_server_does_not(
        server, start, robot, tiny_map, tiny_dataset):
    subprocess.run([sys.executable, '-m', 'structvpr_ros.cli.map', 'publish', '--map',
                    str(tiny_map), '--uri', server.uri], check=True, timeout=120)
    table = read_place_dataset(tiny_dataset).select(condition='day')
    image = read_image(table.image_path(1))

    def ask_until(process, text: str, times: int) -> None:
        end = time.monotonic() + WITHIN
        while process.said().count(text) < times:
            assert robot.ask(robot.raw(image)).results[0].class_id == table.places[1]
            assert time.monotonic() < end, process.said()

    with start('-p', 'store:=milvus', '-p', f'store_uri:={server.uri}',
               '-p', 'store_timeout:=2.0') as process:
        process.wait_for('waiting for images on /image')
        ask_until(process, '', 1)
        assert 'going on with the map' not in process.said()
        server.send(signal.SIGSTOP)
        ask_until(process, f'going on with the map in {tiny_map}', 1)
        robot.diagnosis(lambda _, values: values['map that answers'] == str(tiny_map))
        server.send(signal.SIGCONT)
        ask_until(process, 'answers again', 1)
        server.die()
        ask_until(process, f'going on with the map in {tiny_map}', 2)
        server.start()
        ask_until(process, 'answers again', 2)
