# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Compiled networks: kept for the next start, trusted only where nobody else can write."""

import logging
import os

import numpy as np
import pytest

from structvpr_ros.inference.compiled_networks import (cache_folder, compiled_key, keep_compiled,
                                                       load_compiled)
from structvpr_ros.inference.engines import create_engine


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Give the cache folder of a user who has none yet."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    return tmp_path / 'cache' / 'structvpr_ros'


def test_what_is_kept_is_found_by_its_key_alone(folder):
    assert load_compiled('a') is None
    keep_compiled('a', b'compiled')
    assert load_compiled('a') == b'compiled'
    assert load_compiled('b') is None
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_network_or_circumstance_has_another_key():
    keys = {compiled_key(network, *circumstances)
            for network in (b'one', b'two') for circumstances in ((), (1,), ({'a': 1}, 'x'))}
    assert len(keys) == 6
    assert compiled_key(b'one', {'a': 1}) == compiled_key(b'one', {'a': 1})


@pytest.mark.parametrize('damage', [
    lambda stored: b'', lambda stored: stored[:20], lambda stored: stored[:-1],
    lambda stored: stored[:40] + bytes([stored[40] ^ 1]) + stored[41:]])
def test_what_is_damaged_is_not_found(folder, damage):
    keep_compiled('a', b'compiled' * 10)
    path, = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert load_compiled('a') is None


def test_the_newest_few_are_kept(folder):
    for number in range(10):
        keep_compiled(str(number), b'x')
        path, = folder.glob(f'{number}.*')
        os.utime(path, (number, number))
    keep_compiled('10', b'x')
    assert [load_compiled(str(number)) is not None for number in range(11)] == 3 * [False] + \
        8 * [True]


@pytest.mark.parametrize('mode', [0o770, 0o707, 0o777])
def test_a_folder_that_others_write_to_is_not_trusted(folder, mode):
    keep_compiled('a', b'compiled')
    folder.chmod(mode)
    assert load_compiled('a') is None
    keep_compiled('b', b'compiled')
    assert len(list(folder.iterdir())) == 1


def test_a_link_is_not_trusted(folder, tmp_path):
    keep_compiled('a', b'compiled')
    folder.rename(tmp_path / 'elsewhere')
    folder.symlink_to(tmp_path / 'elsewhere')
    assert load_compiled('a') is None


def test_where_nothing_can_be_kept_one_goes_without(folder, caplog):
    folder.parent.write_text('no folder')
    with caplog.at_level(logging.INFO):
        keep_compiled('a', b'compiled')
    assert 'are not kept' in caplog.text
    assert load_compiled('a') is None


def test_a_user_without_a_home_goes_without(monkeypatch):
    def no_home():
        raise RuntimeError('Could not determine home directory.')
    monkeypatch.delenv('XDG_CACHE_HOME')
    monkeypatch.setattr('pathlib.Path.home', no_home)
    assert cache_folder() is None
    keep_compiled('a', b'compiled')
    assert load_compiled('a') is None


def describe(bundle) -> np.ndarray:
    engine = create_engine(bundle, 'openvino')
    height, width = engine.card.input_size
    return engine.describe(
        np.random.default_rng(0).integers(0, 256, (2, height, width, 3), np.uint8))


def test_openvino_compiles_once(tiny_bundle, folder):
    pytest.importorskip('openvino')
    first = describe(tiny_bundle)
    kept, = folder.iterdir()
    written = kept.stat().st_mtime_ns
    np.testing.assert_allclose(describe(tiny_bundle), first, atol=1e-6)
    assert kept.stat().st_mtime_ns == written, 'the second engine compiled anew'


@pytest.mark.parametrize('content', [b'', b'nothing', b'\0' * 4096])
def test_openvino_compiles_anew_what_it_cannot_import(tiny_bundle, folder, content):
    pytest.importorskip('openvino')
    first = describe(tiny_bundle)
    kept, = folder.iterdir()
    keep_compiled(kept.stem, content)
    np.testing.assert_allclose(describe(tiny_bundle), first, atol=1e-6)
    assert kept.stat().st_size > 10_000
