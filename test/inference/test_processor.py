# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Reading what the processor can do."""

import pytest

from structvpr_ros.inference.processor import multiplies_bytes_fast


@pytest.mark.parametrize(('info', 'expected'), [
    ('model name\t: Xeon\nflags\t\t: fpu avx512f avx512_vnni sha_ni\n', True),
    ('flags\t\t: fpu avx2 avx_vnni\n', True),
    ('Features\t: fp asimd asimddp\n', True),
    ('flags\t\t: fpu avx2 avx512f\n', False),
    ('model name\t: no_avx_vnni_here\n', False),
    ('', False)])
def test_flags(tmp_path, info, expected):
    path = tmp_path / 'cpuinfo'
    path.write_text(info)
    assert multiplies_bytes_fast(path) is expected


def test_another_system(tmp_path):
    assert multiplies_bytes_fast(tmp_path / 'nothing') is False
