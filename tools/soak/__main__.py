# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Keep the localize node busy for long, and watch its memory, its losses and its latency.

Run by ``make soak``, or as ``python tools/soak``. It writes soak.txt, soak.json and the node's
log; the exit code is 1 where the node failed, and 0 otherwise: drift is for people to judge.
"""

from argparse import ArgumentParser, Namespace
from functools import partial
import json
import os
from pathlib import Path
import signal
import sys
import time

from ledger import Period, plain, table, verdict, verdict_line
import rclpy
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from traffic import Traffic
from world import make_map, make_model

from structvpr_ros.demo.failure import DemoError
from structvpr_ros.demo.live import localize_node, namespace

SAMPLE_PERIOD = 1.0  # seconds


class Watch:
    """Samples a process into the period that is on, and turns over to the next."""

    def __init__(self, process: int, traffic: Traffic, length: float) -> None:
        """Begin the first period; ``length`` in seconds."""
        self.periods = [traffic.period]
        self._proc = Path('/proc', str(process))
        self._traffic = traffic
        self._length = length
        self._began = time.monotonic()
        self._sampled = 0.0
        self._processor = self._processor_time()

    def tick(self) -> None:
        """Take a sample when it is time, and begin a period when the last one is over."""
        now = time.monotonic()
        if now - self._sampled >= SAMPLE_PERIOD:
            self._sampled = now
            self._sample(self.periods[-1])
        if now - self._began >= self._length * len(self.periods):
            self._traffic.period = Period()
            self.periods.append(self._traffic.period)

    def _sample(self, period: Period) -> None:
        pages = int((self._proc / 'statm').read_text().split()[1])
        period.memory.append(pages * os.sysconf('SC_PAGE_SIZE') / 1e6)
        period.files = len(list((self._proc / 'fd').iterdir()))
        processor = self._processor_time()
        period.processor += processor - self._processor
        self._processor = processor

    def _processor_time(self) -> float:
        # Behind the name, which may hold spaces, the 12th and 13th: user and system time.
        fields = (self._proc / 'stat').read_text().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def soak(options: Namespace) -> list[Period]:
    """
    Run the node and the traffic; return what was counted.

    :raises DemoError: the node ended before it was told to, or did not end well.
    :raises TimeoutError: the node does not do what it is told.
    """
    model = make_model(options.output / 'model')
    place_map = make_map(options.output / 'map', model)
    # Ctrl-C is left to Python.
    rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
    try:
        with localize_node(place_map, model, options.output / 'localize.log') as process:
            node = Node('soak', namespace=namespace())
            traffic = Traffic(node)
            traffic.meet()
            watch = Watch(process.pid, traffic, options.period)
            traffic.run(time.monotonic() + 60 * options.minutes, options.rate,
                        partial(_watch_and_tell, watch, options))
            node.destroy_node()
            # One that began when the time was up is none.
            return watch.periods[:max(round(60 * options.minutes / options.period), 1)]
    finally:
        rclpy.shutdown()


def _watch_and_tell(watch: Watch, options: Namespace) -> None:
    before = len(watch.periods)
    watch.tick()
    if len(watch.periods) > before:
        text = write(options, watch.periods[:-1])
        print(text.partition('\n\n')[0].splitlines()[-1], file=sys.stderr)


def write(options: Namespace, periods: list[Period]) -> str:
    """Write the table so far; return it with its verdict."""
    rows = [period.row(number * options.period, options.period)
            for number, period in enumerate(periods)]
    judged = verdict(rows)
    text = f'{table(rows)}\n\n{verdict_line(judged)}\n'
    (options.output / 'soak.txt').write_text(text, encoding='utf-8')
    (options.output / 'soak.json').write_text(
        # JSON has no NaN.
        json.dumps({'rows': [plain(row) for row in rows], 'verdict': plain(judged)}, indent=1),
        encoding='utf-8')
    return text


def main() -> int:
    """Run the command; return its exit code."""
    parser = ArgumentParser('soak', description=__doc__)
    parser.add_argument('--minutes', type=float, default=30.0, help='how long')
    parser.add_argument('--rate', type=float, default=15.0, help='images per second')
    parser.add_argument('--period', type=float, default=60.0, help='seconds of a row')
    parser.add_argument('--output', type=Path, default=Path('soak_output'), help='folder')
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    # However it is ended, the node must be ended with it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        periods = soak(options)
    except (DemoError, TimeoutError) as error:
        print(f'soak: failed: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f'soak: interrupted; so far: {options.output / "soak.txt"}', file=sys.stderr)
        return 130
    print(write(options, periods), end='')
    return _failures(options.output / 'localize.log', periods)


def _failures(log: Path, periods: list[Period]) -> int:
    silent = [number for number, period in enumerate(periods) if not period.latencies]
    if silent:
        print(f'soak: failed: no answer in rows {silent}', file=sys.stderr)
    told = 'Traceback' in log.read_text(encoding='utf-8')
    if told:
        print(f'soak: failed: a traceback in {log}', file=sys.stderr)
    return int(told or bool(silent))


if __name__ == '__main__':
    sys.exit(main())
