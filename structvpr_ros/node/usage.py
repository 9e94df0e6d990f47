# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How the localize node is started: what ``--help`` tells."""

import textwrap
from typing import Sequence

from rclpy.utilities import remove_ros_args

from structvpr_ros.node.parameters import Declaration, DECLARATIONS

_WIDTH = 99
_HEAD = """\
usage: localize --ros-args -p map:=FOLDER -p model:=FOLDER [-p NAME:=VALUE] [-r image:=TOPIC]

Recognize the place of camera images. All arguments are ROS arguments; --params-file FILE takes
parameters from a YAML file, -r __ns:=/NAME puts the node and its topics into a namespace.

parameters, with their defaults:
"""


def own_arguments(arguments: Sequence[str]) -> list[str]:
    """
    Return the arguments of a process, its name left out, that are none of ROS's.

    Where these cannot be understood there are none: rclpy tells when it is initialized.
    """
    try:
        return remove_ros_args(arguments)
    except RuntimeError:  # rclpy's own are RuntimeErrors
        return []


def usage() -> str:
    """Return how the node is started, and its parameters."""
    return _HEAD + '\n'.join(map(_entry, DECLARATIONS))


def _entry(declaration: Declaration) -> str:
    default = repr(declaration.default) if declaration.default == '' else declaration.default
    choices = f' One of {", ".join(declaration.choices)}.' if declaration.choices else ''
    about = textwrap.fill(declaration.description + choices, _WIDTH,
                          initial_indent=' ' * 6, subsequent_indent=' ' * 6)
    return f'  {declaration.name}: {default}\n{about}'
