# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""YAML of strangers: whatever it holds, plain values come out or one error of one line."""

from hypothesis import given, settings, strategies as st
import pytest
import yaml

from structvpr_ros.errors import MapError, ModelError
from structvpr_ros.yaml_file import brief, LIMIT, read_yaml

HOSTILE = [
    'a: !!python/object/apply:os.system ["true"]', 'a: !!python/name:os.system', 'a: 2020-99-99',
    'a: !!int ""', 'a: !!bool foo', 'a: !!timestamp foo', '[' * 5000, 'a: !!float ""',
    '? [1]\n: 2', 'a: 1' + '0' * 5000, '\x00', '&a [*b]', '"\\UFFFFFFFF"', '%YAML 9\n---', '{',
    'a: b: c']


@pytest.mark.parametrize('text', HOSTILE)
def test_hostile_yaml_is_one_error(tmp_path, text):
    path = tmp_path / 'x.yaml'
    path.write_text(text)
    with pytest.raises(ModelError, match='x.yaml: cannot be read as YAML') as caught:
        read_yaml(path, ModelError)
    assert '\n' not in str(caught.value)


def test_missing_binary_and_large_files(tmp_path):
    path = tmp_path / 'x.yaml'
    with pytest.raises(MapError, match='No such file'):
        read_yaml(path, MapError)
    path.write_bytes(b'\xff\xfe\x00')
    with pytest.raises(MapError, match='cannot be read as YAML'):
        read_yaml(path, MapError)
    path.write_text('a' * (LIMIT + 1))
    with pytest.raises(MapError, match=f'at most {LIMIT} bytes, found {LIMIT + 1}'):
        read_yaml(path, MapError)


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from('ab01!&*[]{}:-?"\' \n%<>|.#,~'), max_size=40))
def test_any_text_gives_values_or_the_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / 'fuzz.yaml'
    path.write_text(text)
    try:
        brief(read_yaml(path, ModelError))
    except ModelError:
        pass


def test_brief_does_not_unfold_anchors():
    bomb = 'a: &a [1, 1]\n' + ''.join(
        f'{chr(98 + i)}: &{chr(98 + i)} [{", ".join([f"*{chr(97 + i)}"] * 9)}]\n'
        for i in range(20))
    assert brief(yaml.safe_load(bomb)) == 'a dict of 21'
    assert brief('x' * 1000).endswith('...') and len(brief('x' * 1000)) == 80
    assert brief(None) == 'None' and brief([1]) == 'a list of 1'
