# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of the localize node: their defaults, what they mean and what they may be."""

from dataclasses import dataclass
from typing import Optional, Union

from rcl_interfaces.msg import (FloatingPointRange, IntegerRange, ParameterDescriptor,
                                SetParametersResult)
from rclpy.node import Node
from rclpy.parameter import Parameter

from structvpr_ros.matching.decision import Decision

Value = Union[bool, int, float, str]


@dataclass(frozen=True)
class Declaration:
    """
    One parameter; the type of its default is its type.

    :param description: what it means and, where that is not at once, when a change takes effect.
    :param bounds: the least and the greatest value of a number, both allowed.
    :param choices: all values of a text that has no others.
    """

    name: str
    default: Value
    description: str
    bounds: Optional[tuple[float, float]] = None
    choices: tuple[str, ...] = ()
    read_only: bool = False

    def descriptor(self) -> ParameterDescriptor:
        """Return the ROS form of this declaration."""
        descriptor = ParameterDescriptor(
            name=self.name, description=self.description, read_only=self.read_only)
        if self.choices:
            descriptor.additional_constraints = f'one of {", ".join(self.choices)}'
        if self.bounds and isinstance(self.default, float):
            low, high = map(float, self.bounds)
            descriptor.floating_point_range = [FloatingPointRange(from_value=low, to_value=high)]
        elif self.bounds:
            low, high = map(int, self.bounds)
            descriptor.integer_range = [
                IntegerRange(from_value=low, to_value=high, step=1)]
        return descriptor

    def fault(self, value: Value) -> str:
        """Return what is wrong with a value of the right type; '' if nothing is."""
        if self.choices and value not in self.choices:
            return f'{self.name}: expected one of {", ".join(self.choices)}, found {value!r}'
        # Again here, since rclpy forgives a millionth beyond the bounds and the Localizer does
        # not; written so that NaN fails too.
        if self.bounds and not self.bounds[0] <= value <= self.bounds[1]:
            return f'{self.name}: expected {self.bounds[0]} to {self.bounds[1]}, found {value}'
        return ''


NEXT_CONFIGURE = 'A change takes effect at the next configure.'
NEXT_ACTIVATE = 'A change takes effect at the next activate.'

DECLARATIONS = (
    Declaration('map', '', f'Folder of the place map. {NEXT_CONFIGURE}'),
    Declaration('model', '', f'Folder of the model bundle. {NEXT_CONFIGURE}'),
    Declaration('engine', 'onnx', f'What runs the network. {NEXT_CONFIGURE}',
                choices=('onnx', 'torch')),
    Declaration('threads', 0, 'Threads of the engine; 0 leaves their number to it. '
                f'{NEXT_CONFIGURE}', bounds=(0, 256)),
    Declaration('image_transport', 'raw', 'raw listens to the topic image, compressed to '
                f'image/compressed. {NEXT_ACTIVATE}', choices=('raw', 'compressed')),
    Declaration('reliability', 'best_effort', 'Of the image subscription; reliable asks lost '
                f'images again and fits reliable publishers alone. {NEXT_ACTIVATE}',
                choices=('best_effort', 'reliable')),
    Declaration('depth', 1, 'Images that the middleware keeps for the node; the newest is worked '
                f'on in any case. {NEXT_ACTIVATE}', bounds=(1, 100)),
    Declaration('max_rate', 0.0, 'Images per second to work on at most; 0 works on as many as '
                'the engine can.', bounds=(0, 1000)),
    Declaration('top_k', 5, 'Number of places to publish.', bounds=(1, 100)),
    Declaration('min_score', Decision.min_score, 'Least similarity of the best place; below it '
                'the robot is not localized.', bounds=(-1, 1)),
    Declaration('min_margin', Decision.min_margin, 'Least lead of the best place over the '
                'second; below it the robot is not localized.', bounds=(0, 2)),
    Declaration('max_silence', 2.0, 'Seconds without an image before diagnostics warn; 0 never '
                'warns.', bounds=(0, 3600)),
    Declaration('max_latency', 0.5, 'Seconds from the arrival of an image to its answer before '
                'diagnostics warn, when 5 of 100 exceed them; 0 never warns.', bounds=(0, 3600)),
    Declaration('autostart', True, 'Configure and activate at the start; switch it off where a '
                'lifecycle manager does.', read_only=True),
)


def declare(node: Node) -> None:
    """
    Declare all parameters, and refuse from then on every value that could not work.

    :raises rclpy.exceptions.ParameterException: an override has a wrong type or value.
    """
    by_name = {declaration.name: declaration for declaration in DECLARATIONS}

    def check(parameters: list[Parameter]) -> SetParametersResult:
        faults = [by_name[parameter.name].fault(parameter.value)
                  for parameter in parameters if parameter.name in by_name]
        reason = '; '.join(filter(None, faults))
        return SetParametersResult(successful=not reason, reason=reason)

    node.add_on_set_parameters_callback(check)
    for declaration in DECLARATIONS:
        node.declare_parameter(declaration.name, declaration.default, declaration.descriptor())
