# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Parts of the work for several processes or machines."""

import re

from structvpr_ros.errors import ConfigurationError


def shard_rows(shard: str, count: int) -> range:
    """
    Return the rows of one of several nearly equal parts of ``count`` rows.

    Parts are stretches: one after the other, they are all rows in their order.

    :param shard: ``i/n``, part i of n, from 1 on.
    :raises ConfigurationError: ``shard`` is something else, or the part is empty.
    """
    found = re.fullmatch(r'(\d{1,9})/(\d{1,9})', shard)
    part, parts = map(int, found.groups()) if found else (0, 0)
    if not 1 <= part <= parts:
        raise ConfigurationError(f'expected a shard such as 2/8, found {shard!r}')
    rows = range(count * (part - 1) // parts, count * part // parts)
    if not rows:
        raise ConfigurationError(f'shard {shard}: expected at least as many images as shards, '
                                 f'found {count}')
    return rows
