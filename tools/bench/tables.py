# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What was measured, as text."""

from typing import Any, Callable, Iterable, Mapping, Sequence


def report(result: Mapping[str, Any]) -> str:
    """Return the tables of whatever has been measured so far."""
    parts = [_machine(result)]
    for name, section in _SECTIONS.items():
        if name in result:
            parts.append(section(result[name]))
    return '\n\n'.join(parts) + '\n'


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a title above aligned columns, the first to the left."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return '\n'.join([title, *('  '.join(
        [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines)])


def _machine(result: Mapping[str, Any]) -> str:
    machine = result['machine']
    return (f'{machine["processor"]}, {machine["cores"]} cores, load {machine["load"]:.1f} at the '
            f'start; engines: {", ".join(result["engines"])}')


def _times(title: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda rows: table(title, ('', 'min ms', 'p50 ms', 'p99 ms', 'count'), (
        (name, *(f'{row[key]:.3g}' for key in ('min_ms', 'p50_ms', 'p99_ms')), str(row['count']))
        for name, row in rows.items()))


def _ratios(rows: Mapping[str, Any]) -> str:
    return table('times as long as ours', ('', 'same runtime', 'our best'), (
        (name, f'{row["same_runtime"]:.1f}', f'{row["our_best"]:.1f}')
        for name, row in rows.items()))


def _limit(told: Mapping[str, Any]) -> str:
    rates = ', '.join(f'{rate / 1e9:.0f} G/s in {kind}' for kind, rate in told['rates'].items())
    return table(
        f'the limit: {told["macs"] / 1e6:.0f} M multiply-accumulates an image; large products '
        f'do {rates}', ('', 'best ms', 'p50 ms', 'limit ms', 'x limit', 'x float32 limit'), (
            (name, *(f'{row[key]:.2f}' for key in (
                'best_ms', 'p50_ms', 'limit_ms', 'to_limit', 'to_float32')))
            for name, row in told['engines'].items()))


def _footprint(told: Mapping[str, Any]) -> str:
    names = list(told)
    steps = list(told[names[0]]['steps'])
    rows = [(step, *(_cost(told[name]['steps'][step]) for name in names)) for step in steps]
    total = ('in all', *(_cost(told[name]['total']) for name in names))
    return table('what starting takes, step by step (of it processor time)', ('', *names),
                 [*rows, total])


def _cost(row: Mapping[str, float]) -> str:
    return f'{row["ms"]:.0f} ms ({row["cpu_ms"]:.0f}) {row["mb"]:.0f} MB'


def _build(rows: Mapping[str, Any]) -> str:
    return table('build_map', ('', 'engine alone, images/s', 'from files', 'share'), (
        (name, f'{row["alone_hz"]:.1f}', f'{row["files_hz"]:.1f}', f'{row["share"]:.0%}')
        for name, row in rows.items()))


def _slme(row: Mapping[str, float]) -> str:
    return (f'SLME on the fly: {row["slme_ms"]:.1f} ms of a step of {row["step_ms"]:.0f} ms, '
            f'{row["share"]:.1%}')


def _end_to_end(transport: str) -> Callable[[Mapping[str, Any]], str]:
    def tell(told: Mapping[str, Any]) -> str:
        start = told['start']
        heads = ('', 'p50 ms', 'p99 ms', 'sent Hz', 'answered Hz')
        return table(
            f'end to end over {transport}, {told["engine"]}: first answer '
            f'{start["first_answer_s"]:.1f} s after the start; {start["memory_mb"]:.0f} MB then, '
            f'{start["memory_at_the_end_mb"]:.0f} MB at the end', heads, (
                (name, *(f'{row[key]:.1f}' for key in (
                    'p50_ms', 'p99_ms', 'sent_hz', 'answered_hz')))
                for name, row in told['rates'].items()))
    return tell


_SECTIONS: dict[str, Callable[[Any], str]] = {
    'stages': _times('stages of a frame'), 'limit': _limit,
    'peers': _times("our network and peers' trunks"), 'ratios': _ratios,
    'footprint': _footprint, 'build_map': _build, 'slme': _slme,
    'end_to_end': _end_to_end('DDS as it comes'),
    'end_to_end_shared_memory': _end_to_end('DDS with config/fastdds.xml')}
