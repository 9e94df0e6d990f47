# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""HTML as elements: whatever text comes in is escaped on its way out."""

from typing import Optional, Sequence, Union
from xml.etree.ElementTree import Element, tostring

Child = Union[Element, str]


def element(tag: str, *children: Child, **attributes: str) -> Element:
    """
    Return an element with children, texts and elements mixed; ``class_`` means class.

    ``script`` and ``style`` are the only elements whose texts are not escaped.
    """
    node = Element(tag, {name.rstrip('_'): value for name, value in attributes.items()})
    last: Optional[Element] = None
    for child in children:
        if isinstance(child, Element):
            node.append(child)
            last = child
        elif last is None:
            node.text = (node.text or '') + child
        else:
            last.tail = (last.tail or '') + child
    return node


def table(header: Sequence[str], lines: Sequence[Sequence[Child]]) -> Element:
    """Return a table with a line of names above lines of cells."""
    return element(
        'table', element('thead', element('tr', *(element('th', cell) for cell in header))),
        element('tbody', *(element('tr', *(element('td', cell) for cell in line))
                           for line in lines)))


def render(root: Element) -> str:
    """Return a document of HTML 5."""
    return '<!DOCTYPE html>\n' + tostring(root, encoding='unicode', method='html')
