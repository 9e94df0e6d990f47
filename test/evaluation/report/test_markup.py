# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Elements: what comes in as text goes out as text."""

from html.parser import HTMLParser

from hypothesis import given, strategies as st

from structvpr_ros.evaluation.report.markup import element, render, table

# What HTML cannot hold, or a parser reads as something else.
TEXT = st.text(st.characters(exclude_categories=('Cc', 'Cs')), min_size=1)


class Reader(HTMLParser):
    """Collects tags, attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ''

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXT, TEXT)
def test_any_text_comes_back_and_makes_no_element(text: str, value: str) -> None:
    reader = Reader()
    reader.feed(render(element('div', text, element('b', 'x', title=value), text)))
    assert reader.tags == [('div', {}), ('b', {'title': value})]
    assert reader.text.strip('\n') == (text + 'x' + text).strip('\n')


def test_mixed_children_keep_their_order() -> None:
    assert render(element('p', 'a', 'b', element('b', 'c'), 'd', element('i'), 'e', class_='x')) \
        == '<!DOCTYPE html>\n<p class="x">ab<b>c</b>d<i></i>e</p>'


def test_a_table_of_texts_and_elements() -> None:
    reader = Reader()
    reader.feed(render(table(('x',), [('<1>',), (element('b', '2'),)])))
    assert [tag for tag, _ in reader.tags] == [
        'table', 'thead', 'tr', 'th', 'tbody', 'tr', 'td', 'tr', 'td', 'b']
    assert reader.text.strip() == 'x<1>2'
