# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What all pages share: one file that runs nothing, loads nothing and looks the same."""

from xml.etree.ElementTree import Element

from structvpr_ros.evaluation.report.markup import element

# Whatever a name or a picture might smuggle in: the page runs nothing and fetches nothing.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1150px; margin: 2em auto;
  padding: 0 1em; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2em .8em .2em 0; border-bottom: 1px solid #ddd; }
small { color: #777; display: block; white-space: nowrap; }
img { max-width: 100%; }
.wide { overflow-x: auto; }
.matches { display: flex; flex-wrap: wrap; gap: 10px; }
.match { display: flex; gap: 4px; padding: 5px; border: 3px solid; border-radius: 4px; }
.right { border-color: #2e8b57; }
.wrong { border-color: #c0392b; }
figure { margin: 0; max-width: 200px; }
figcaption { font-size: 12px; }
.missing { width: 108px; height: 108px; background: #eee; font-size: 10px;
  overflow-wrap: anywhere; }
"""


def document(title: str, *content: Element) -> Element:
    """Return a page with a title above its content."""
    head = element(
        'head', element('meta', charset='utf-8'),
        element('meta', **{'http-equiv': 'Content-Security-Policy', 'content': _POLICY}),
        element('meta', name='viewport', content='width=device-width'),
        element('title', title), element('style', _STYLE))
    return element('html', head, element('body', element('h1', title), *content), lang='en')
