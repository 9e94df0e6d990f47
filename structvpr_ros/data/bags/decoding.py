# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The pixels of an image message of a bag."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.bags.bag import Topic
from structvpr_ros.data.bags.topics import COMPRESSED
from structvpr_ros.data.image_messages import decode_compressed, decode_image


def decode(topic: Topic, message: Any) -> NDArray[np.uint8]:
    """
    Return the pixels of an image, RGB uint8 (H, W, 3).

    :raises ImageError: the message is no image, or of an encoding that is not known.
    """
    return (decode_compressed if topic.kind == COMPRESSED else decode_image)(message)
