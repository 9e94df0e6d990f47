# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Write docs/reference.md from the node's own declarations; run by ``make reference``.

A test fails where the page and the declarations differ.
"""

from pathlib import Path
from typing import Any, Iterable, Optional, Sequence

from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile

from structvpr_ros.node.interface import PUBLISHED, Service, SERVICES, SUBSCRIBED, Topic
from structvpr_ros.node.parameters import (Declaration, DECLARATIONS, NEXT_ACTIVATE,
                                           NEXT_CONFIGURE)

PAGE = Path(__file__).resolve().parents[1] / 'docs' / 'reference.md'

_HEAD = """\
# Reference of the localize node

Written by `make reference` from the declarations that the node itself uses; do not edit.

All names but `/diagnostics` are relative: a namespace and remappings apply. Beside what is listed
here, the node has the services of every managed node (`~/change_state`, `~/get_state` and so on)
and of every node's parameters; `use_sim_time` is a parameter as everywhere. With `odom_frame`, it
listens to `/tf` and `/tf_static` and speaks on `/tf`.
"""
# When a change of a parameter counts, by what its description ends with.
_EFFECTS = {NEXT_CONFIGURE: 'next configure', NEXT_ACTIVATE: 'next activate'}


def reference() -> str:
    """Return the page as Markdown."""
    return '\n'.join([
        _HEAD,
        _table('Topics in', ('topic', 'type', 'quality', ''), map(_topic, SUBSCRIBED)),
        _table('Topics out', ('topic', 'type', 'quality', ''), map(_topic, PUBLISHED)),
        _table('Services', ('service', 'type', ''), map(_service, SERVICES)),
        _table('Parameters', ('parameter', 'type', 'default', 'allowed', 'a change counts', ''),
               map(_parameter, DECLARATIONS))])


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ['---'] * len(heads), *rows]
    text = '\n'.join(f'| {" | ".join(cell.replace("|", chr(92) + "|") for cell in line)} |'
                     for line in lines)
    return f'## {title}\n\n{text}\n'


def _topic(topic: Topic) -> tuple[str, ...]:
    return f'`{topic.name}`', _kind(topic.kind), _quality(topic.quality), topic.description


def _service(service: Service) -> tuple[str, ...]:
    return f'`{service.name}`', _kind(service.kind), service.description


def _kind(kind: type) -> str:
    package, folder = kind.__module__.split('.')[:2]
    return f'`{package}/{folder}/{kind.__name__}`'


def _quality(quality: Optional[QoSProfile]) -> str:
    if quality is None:
        return 'by `reliability` and `depth`'
    return f'{quality.reliability.name.lower().replace("_", " ")}, depth {quality.depth}'


def _parameter(declaration: Declaration) -> tuple[str, ...]:
    about, effect = declaration.description, 'at once'
    for ending, name in _EFFECTS.items():
        if about.endswith(ending):
            about, effect = about.removesuffix(ending).rstrip(), name
    if declaration.read_only:
        effect = 'never'
    kind = Parameter.Type.from_parameter_value(declaration.default).name
    return (f'`{declaration.name}`', kind.lower().replace('_', ' '),
            f'`{_value(declaration.default)}`', _allowed(declaration), effect, about)


def _allowed(declaration: Declaration) -> str:
    if declaration.choices:
        return ', '.join(f'`{choice}`' for choice in declaration.choices)
    if declaration.bounds:
        return ' to '.join(f'{bound:g}' for bound in declaration.bounds)
    return ''


def _value(value: Any) -> str:
    # As YAML and the command line have it.
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


if __name__ == '__main__':
    PAGE.write_text(reference(), encoding='utf-8')
