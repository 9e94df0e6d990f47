# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Measure how fast this machine recognizes places, where the time goes, and how far the limit is.

Run by ``make bench``, or as ``python tools/bench``; ``--quick`` takes seconds and shows that it
works. All that is compared is measured in turn, in the same rounds. It writes bench.txt and
bench.json.
"""

from argparse import ArgumentParser, Namespace
import json
import math
import os
from pathlib import Path
import platform
import sys
from typing import Any, Callable

from end_to_end import end_to_end
from footprint import footprint
from limit import limits
from peers import peers, ratios
import rclpy
from stages import stages
from tables import report
from throughput import build_rate, slme_share
from world import installed_engines, make_bundle, make_map

from structvpr_ros.models.card import ONNX
from structvpr_ros.models.shipped import SHIPPED_STUDENT

SECTIONS = ('stages', 'limit', 'peers', 'footprint', 'build_map', 'slme', 'end_to_end')

_PROFILES = {'end_to_end': None, 'end_to_end_shared_memory': Path(
    __file__).resolve().parents[2] / 'config' / 'fastdds.xml'}


def bench(options: Namespace) -> dict[str, Any]:
    """Measure what is asked for; each part writes what is known by then."""
    output, seconds = options.output, options.seconds
    bundle = make_bundle(options.model, output / 'model')
    engines = installed_engines(bundle)
    best, plain = next(iter(engines)), next(iter(engines.values()))
    place_map = make_map(output / 'map', plain.card, options.places)
    of_cpu = {name: engine for name, engine in engines.items() if ' cpu ' in name}
    result: dict[str, Any] = {
        'machine': {'processor': _processor(), 'cores': os.cpu_count(),
                    'load': os.getloadavg()[0], 'python': platform.python_version()},
        'engines': list(engines)}
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        'stages': lambda: {'stages': stages(engines, place_map, seconds)},
        'limit': lambda: {'limit': limits(bundle / ONNX, of_cpu, seconds)},
        'peers': lambda: _with_ratios(peers(of_cpu, seconds)),
        'footprint': lambda: {'footprint': {
            name: footprint(place_map, bundle, name)
            for name in of_cpu if not name.startswith('torch')}},
        'build_map': lambda: {'build_map': {
            name: build_rate(engine, output / 'images', seconds / 2)
            for name, engine in of_cpu.items() if name.endswith('float32')}},
        'slme': lambda: {'slme': slme_share(plain.card.input_size, seconds / 2)},
        'end_to_end': lambda: {name: {'engine': best, **end_to_end(
            place_map, bundle, output, best, seconds / 2, profile)}
            for name, profile in _PROFILES.items()}}
    for name in options.sections or SECTIONS:
        result.update(parts[name]())
        _write(output, result)
    return result


def _with_ratios(found: dict[str, Any]) -> dict[str, Any]:
    return {'peers': found, 'ratios': ratios(found)}


def _processor() -> str:
    for line in Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines():
        if line.startswith('model name'):
            return line.partition(':')[2].strip()
    return platform.processor()


def _write(output: Path, result: dict[str, Any]) -> None:
    (output / 'bench.json').write_text(json.dumps(_plain(result), indent=1), encoding='utf-8')
    (output / 'bench.txt').write_text(report(result), encoding='utf-8')


def _plain(value: Any) -> Any:
    # JSON has no NaN.
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


def main() -> int:
    """Run the command; return its exit code."""
    parser = ArgumentParser('bench', description=__doc__)
    parser.add_argument('--model', type=Path, default=SHIPPED_STUDENT, help='an exported bundle')
    parser.add_argument('--places', type=int, default=10_000, help='in the map')
    parser.add_argument('--seconds', type=float, default=20.0, help='of each part')
    parser.add_argument('--quick', action='store_true', help='a second of each part')
    parser.add_argument('--sections', nargs='+', choices=SECTIONS, help='all, if not given')
    parser.add_argument('--output', type=Path, default=Path('bench_output'), help='folder')
    options = parser.parse_args()
    if options.quick:
        options.seconds = 1.0
    options.output.mkdir(parents=True, exist_ok=True)
    os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
    rclpy.init(args=[])
    try:
        result = bench(options)
    except TimeoutError as error:
        print(f'bench: failed: {error}; see {options.output / "localize.log"}', file=sys.stderr)
        return 1
    finally:
        rclpy.try_shutdown()
    print(report(result), end='')
    return 0


if __name__ == '__main__':
    sys.exit(main())
