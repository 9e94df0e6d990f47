# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The report of a map as one page: what it covers, and where it is taken for itself."""

from collections import Counter
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.data.proximity import Proximity
from structvpr_ros.evaluation.look_alikes import LookAlikes
from structvpr_ros.evaluation.report.document import document
from structvpr_ros.evaluation.report.map_figures import (calibration_figure, matrix_figure,
                                                         trajectory_figure)
from structvpr_ros.evaluation.report.markup import element, table
from structvpr_ros.evaluation.report.pictures import (jpeg_picture, raster_picture,
                                                      vector_picture)
from structvpr_ros.place_map.place_map import PlaceMap

_SHOWN = 12  # pairs of places


@dataclass(frozen=True)
class MapFindings:
    """
    What was found out about a map.

    :param table: its N images.
    :param proximity: what counted as the same place.
    :param found: what is like its images elsewhere.
    :param similar: similarities of some images, in their order in the map.
    :param same: whether those show the same place.
    :param covered: the share of the map that was seen at each condition.
    """

    place_map: PlaceMap
    table: PlaceTable
    proximity: Proximity
    found: LookAlikes
    similar: NDArray[np.float32]
    same: NDArray[np.bool_]
    covered: dict[str, float]


def map_page(findings: MapFindings) -> Element:
    """Return the page of a map."""
    return document(
        f'The map {findings.place_map.folder.resolve().name}', *_content(findings),
        *_coverage(findings), *_matrix(findings), *_calibration(findings),
        *_pairs(findings))


def _content(findings: MapFindings) -> list[Element]:
    meta, found = findings.place_map.meta, findings.found
    shown = '' if len(found.rows) == meta.frames else \
        f' {len(found.rows)} of them, evenly from all, are looked at below.'
    plots = [] if findings.table.positions is None else [_picture(
        raster_picture(trajectory_figure(findings.table, found)),
        'where images were taken, and how alike something elsewhere looks')]
    return [element('p', f'{meta.frames} images of {meta.places} places, descriptors of '
                         f'{meta.descriptor_size} by model {meta.fingerprint[:12]}, built '
                         f'{meta.created}.{shown}'), *plots]


def _coverage(findings: MapFindings) -> list[Element]:
    counts = Counter(findings.table.conditions)
    lines = [(name or 'unknown', str(counts[name]), f'{100 * share:.0f}')
             for name, share in findings.covered.items()]
    return [element('h2', 'Coverage'),
            element('p', f'Of all places of the map, those seen at each condition. '
                         f'{_same_place(findings)}'),
            table(('condition', 'images', 'of the map, %'), lines)]


def _same_place(findings: MapFindings) -> str:
    if findings.table.positions is None:
        return 'Images of one ID show the same place; all others are elsewhere.'
    proximity = findings.proximity
    return (f'Images within {proximity.positive_radius:g} m that look the same way show the same '
            f'place; those beyond {proximity.negative_radius:g} m are elsewhere.')


def _matrix(findings: MapFindings) -> list[Element]:
    mistaken, possible = findings.found.mistaken()
    told = f' Of {possible} images with another one of the same place, {mistaken} are most ' \
           'like an image from elsewhere.' if possible else ''
    return [element('h2', 'Aliasing'),
            element('p', f'{len(findings.similar)} images of the map against one another, drive '
                         'after drive. What is bright on the left and dark on the right looks '
                         f'like another place.{told}'),
            _picture(raster_picture(matrix_figure(findings.similar, findings.same)),
                     'similarity of the images of the map')]


def _calibration(findings: MapFindings) -> list[Element]:
    calibration = findings.place_map.calibration
    if calibration is None:
        return []
    over = int((findings.found.score >= calibration.min_score).sum())
    return [element('h2', 'Calibration'),
            element('p', f'{calibration}. {over} of {len(findings.found.rows)} images are as '
                         'similar to one from elsewhere as this min_score asks for.'),
            _picture(vector_picture(calibration_figure(calibration)),
                     'precision over recall of the calibration')]


def _pairs(findings: MapFindings) -> list[Element]:
    pairs = findings.found.pairs(findings.table.places, _SHOWN)
    if not pairs:
        return []
    return [element('h2', 'Places that look alike'),
            element('div', *(element('div', _image(findings, one, f'{score:.3f}'),
                                     _image(findings, other, _apart(findings, one, other)),
                                     class_='match wrong')
                             for one, other, score in pairs), class_='matches')]


def _apart(findings: MapFindings, one: int, other: int) -> str:
    positions = findings.table.positions
    return '' if positions is None else \
        f'{np.linalg.norm(positions[one] - positions[other]):.0f} m away'


def _image(findings: MapFindings, row: int, caption: str) -> Element:
    frame, thumbnails = findings.place_map.frames[row], findings.place_map.thumbnails
    jpeg = None if thumbnails is None else thumbnails.jpeg(row)
    shown = element('div', frame.image, class_='missing') if jpeg is None else element(
        'img', src=jpeg_picture(jpeg), alt=frame.image, title=frame.image)
    return element('figure', shown, element(
        'figcaption', ' '.join(filter(None, (frame.place, frame.condition, caption)))))


def _picture(source: str, alt: str) -> Element:
    return element('p', element('img', src=source, alt=alt))
