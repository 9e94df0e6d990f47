# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Label sets: those of the package are complete; a user's file with a mistake gets one line."""

from pathlib import Path

import numpy as np
import pytest

from structvpr_ros.errors import SegmentationError
from structvpr_ros.segmentation.groups import COLOURS, DEFAULT_WEIGHTS, GROUPS
from structvpr_ros.segmentation.label_set import LabelSet, load_label_set, shipped_label_sets

# Label set -> the ids it must have, from the publications of the data sets.
IDS = {
    'ade20k': [*range(150), 255],
    'ade20k_annotation': [*range(151)],
    'camvid': [*range(12)],
    'cityscapes_label_id': [*range(34)],
    'cityscapes_train_id': [*range(19), 255],
    'itlp_campus': [*range(65)],
    'mapillary_vistas': [*range(66)],
}


def test_the_shipped_sets_are_the_ones_tested() -> None:
    assert shipped_label_sets() == sorted(IDS)


@pytest.mark.parametrize('name', sorted(IDS))
def test_a_shipped_set_is_complete(name: str) -> None:
    label_set = load_label_set(name)
    assert label_set.name == name
    assert sorted(label_set.names) == sorted(label_set.groups) == IDS[name]
    assert len(set(label_set.names.values())) == len(IDS[name])


@pytest.mark.parametrize('name', sorted(IDS))
def test_lookup_follows_the_order_of_the_groups(name: str) -> None:
    label_set = load_label_set(name)
    table = label_set.lookup()
    for class_id in range(256):
        if class_id not in label_set.groups:
            assert table[class_id] == 255
        elif label_set.groups[class_id] == 'void':
            assert table[class_id] == 0
        else:
            assert GROUPS[table[class_id] - 1] == label_set.groups[class_id]


@pytest.mark.parametrize('name, counts', [
    ('ade20k', (150,)), ('ade20k_annotation', (151,)), ('camvid', (12, 11)),
    ('cityscapes_label_id', (34,)), ('cityscapes_train_id', (19,)),
    ('itlp_campus', (65, 64)), ('mapillary_vistas', (66, 65)),
])
def test_channel_counts(name: str, counts: tuple[int, ...]) -> None:
    assert load_label_set(name).channel_counts() == counts


def test_weights_and_colours_cover_the_groups() -> None:
    assert tuple(DEFAULT_WEIGHTS) == GROUPS
    assert len(set(COLOURS)) == len(GROUPS) + 1


# The words that METHOD's groups are defined by, wherever a label set knows them.
@pytest.mark.parametrize('group, words', [
    ('structure', 'building wall bridge tunnel'), ('ground', 'road sidewalk terrain parking'),
    ('object', 'pole fence traffic_light traffic_sign guard_rail'),
    ('dynamic', 'person rider car bus truck bicycle'), ('sky', 'sky'),
    ('vegetation', 'vegetation tree'),
])
def test_all_sets_agree_on_common_classes(group: str, words: str) -> None:
    for name in IDS:
        label_set = load_label_set(name)
        group_of = {label_set.names[i]: label_set.groups[i] for i in label_set.names}
        for word in words.replace('_', '-').split():
            assert group_of.get(word.replace('-', ' '), group) == group, (name, word)


def test_the_two_ade20k_sets_differ_by_one() -> None:
    models, annotations = load_label_set('ade20k'), load_label_set('ade20k_annotation')
    for class_id in range(150):
        assert models.names[class_id] == annotations.names[class_id + 1]
        assert models.groups[class_id] == annotations.groups[class_id + 1]


def test_itlp_campus_is_mapillary_without_unlabeled() -> None:
    mapillary, campus = load_label_set('mapillary_vistas'), load_label_set('itlp_campus')
    assert mapillary.names == {**campus.names, 65: 'unlabeled'}
    assert mapillary.groups == {**campus.groups, 65: 'void'}


def test_cityscapes_ids_agree() -> None:
    trains, labels = load_label_set('cityscapes_train_id'), load_label_set('cityscapes_label_id')
    group_of = {labels.names[i]: labels.groups[i] for i in labels.names}
    assert all(group_of[trains.names[i]] == trains.groups[i] for i in range(19))


def test_digest_is_of_what_is_encoded() -> None:
    base = LabelSet('a', {0: 'x', 1: 'y'}, {0: 'sky', 1: 'void'})
    renamed = LabelSet('b', {0: 'u', 1: 'v'}, {0: 'sky', 1: 'void'})
    regrouped = LabelSet('a', {0: 'x', 1: 'y'}, {0: 'sky', 1: 'ground'})
    larger = LabelSet('a', {0: 'x', 1: 'y', 2: 'z'}, {0: 'sky', 1: 'void', 2: 'void'})
    assert base.digest() == renamed.digest()
    assert len({base.digest(), regrouped.digest(), larger.digest()}) == 3


@pytest.mark.parametrize('name', sorted(IDS))
def test_unclustered_each_class_is_a_group(name: str) -> None:
    label_set = load_label_set(name)
    single = label_set.unclustered()
    table = single.lookup()
    known = [i for i in IDS[name] if label_set.groups[i] != 'void']
    assert [single.group_names[table[i] - 1] for i in known] == [label_set.names[i] for i in known]
    assert sorted(table[known]) == [*range(1, len(single.group_names) + 1)]
    np.testing.assert_array_equal(table == 0, label_set.lookup() == 0)
    np.testing.assert_array_equal(table == 255, label_set.lookup() == 255)
    assert single.digest() != label_set.digest()


def test_classes_of_one_name_are_one() -> None:
    single = LabelSet('a', {3: 'x', 1: 'y', 7: 'x'}, dict.fromkeys((3, 1, 7), 'sky')).unclustered()
    assert single.group_names == ('y', 'x')
    assert list(single.lookup()[[1, 3, 7]]) == [1, 2, 2]


def test_more_classes_than_a_map_can_hold() -> None:
    names = {class_id: str(class_id) for class_id in range(255)}
    full = LabelSet('full', names, {**dict.fromkeys(names, 'sky'), 0: 'void'})
    assert len(full.unclustered().group_names) == 254
    with pytest.raises(SegmentationError, match="'full': expected up to 254 .* found 255"):
        LabelSet('full', names, dict.fromkeys(names, 'sky')).unclustered()


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(SegmentationError, match="ade20k, .*mapillary_vistas.*'cityscape'"):
        load_label_set('cityscape')


def test_own_file(tmp_path: Path) -> None:
    path = tmp_path / 'own.yaml'
    path.write_text('name: yard\nclasses:\n- {id: 3, name: shed, group: structure}\n'
                    '- {id: 255, name: rest, group: void}\n')
    assert load_label_set(str(path)) == LabelSet(
        'yard', {3: 'shed', 255: 'rest'}, {3: 'structure', 255: 'void'})
    # Channel c could not mean id c: no number of channels fits.
    assert load_label_set(str(path)).channel_counts() == (0,)


CLASS = 'name: own\nclasses:\n- {id: 0, name: a, group: sky}\n'
BOMB = ''.join(f'{b}: &{b} [{", ".join([f"*{a}"] * 9)}]\n'
               for a, b in zip('abcdefgh', 'bcdefghi', strict=True))


@pytest.mark.parametrize('text, part', [
    ('', 'classes, name, found None'),
    ('[1, 2]', 'found a list of 2'),
    ('name: own', "classes, name, found 'name'"),
    (CLASS + 'colour: red', "'colour'"),
    ('name: 3\nclasses: []', 'found 3'),
    ('name: own\nclasses: []', 'at least one class'),
    ('name: own\nclasses: {0: sky}', 'list of at least one class'),
    (CLASS + '- 7', 'class 2 of the list: expected the fields group, id, name, found 7'),
    (CLASS + '- {id: 1, name: b}', 'expected the fields group, id, name'),
    (CLASS + '- {id: 1, name: b, group: water}', "void, found 'water'"),
    (CLASS + '- {id: 1, name: b, group: [sky]}', 'void, found a list'),
    (CLASS + '- {id: 256, name: b, group: sky}', '0..255, found 256'),
    (CLASS + '- {id: -1, name: b, group: sky}', '0..255, found -1'),
    (CLASS + '- {id: yes, name: b, group: sky}', '0..255, found True'),
    (CLASS + '- {id: 1.0, name: b, group: sky}', '0..255, found 1.0'),
    (CLASS + '- {id: 1, name: no, group: sky}', 'text, found False'),
    (CLASS + '- {id: 0, name: b, group: sky}', "id 0 is taken by 'a' already"),
    ('name: !!python/object/apply:os.system [ls]\nclasses: []', 'cannot be read as YAML'),
    ('name: [', 'cannot be read as YAML'),
    ('name: 2024-99-99\nclasses: []', 'cannot be read as YAML'),
    ('a: &a [x]\n' + BOMB + 'name: *i\nclasses: []', 'expected the fields'),
    ('\x00', 'cannot be read as YAML'),
])
def test_a_mistake_is_one_short_line(text: str, part: str, tmp_path: Path) -> None:
    path = tmp_path / 'own.yaml'
    path.write_text(text)
    with pytest.raises(SegmentationError) as caught:
        load_label_set(str(path))
    message = str(caught.value)
    assert message.startswith(str(path)) and part in message
    assert '\n' not in message and len(message) < len(str(path)) + 400


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SegmentationError, match='own.yaml'):
        load_label_set(str(tmp_path / 'own.yaml'))
