# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures that lie in the page itself, as data URIs."""

from base64 import b64encode
from io import BytesIO, StringIO
from pathlib import Path

import cv2
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from structvpr_ros.data.image_files import read_image

_THUMBNAIL = 108  # pixels high
_QUALITY = 80


def thumbnail(path: Path) -> str:
    """
    Return an image shrunk to a thumbnail, as a JPEG.

    :raises ImageError: the image cannot be read.
    """
    image = read_image(path)
    height, width = image.shape[:2]
    if height > _THUMBNAIL:
        size = max(1, round(width * _THUMBNAIL / height)), _THUMBNAIL
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    encoded = cv2.imencode('.jpg', cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
                           [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    return jpeg_picture(encoded.tobytes())


def jpeg_picture(jpeg: bytes) -> str:
    """Return what is a JPEG already."""
    return _data_uri('image/jpeg', jpeg)


def vector_picture(figure: Figure) -> str:
    """Return a figure as SVG: sharp at any size, for lines."""
    FigureCanvasSVG(figure)
    written = StringIO()
    # Without a date, and with names that are not random, the same numbers give the same page.
    with rc_context({'svg.hashsalt': 'structvpr_ros'}):
        figure.savefig(written, format='svg', metadata={'Date': None})
    return _data_uri('image/svg+xml', written.getvalue().encode())


def raster_picture(figure: Figure) -> str:
    """Return a figure as PNG: small however many points it shows."""
    FigureCanvasAgg(figure)
    written = BytesIO()
    figure.savefig(written, format='png', dpi=110)
    return _data_uri('image/png', written.getvalue())


def _data_uri(kind: str, content: bytes) -> str:
    return f'data:{kind};base64,{b64encode(content).decode()}'
