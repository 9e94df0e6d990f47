# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of the localize node: their defaults, what they mean and what they may be."""

from dataclasses import dataclass
import math
from typing import Any, Callable, get_args, Mapping, Optional, Union

from rcl_interfaces.msg import (FloatingPointRange, IntegerRange, ParameterDescriptor,
                                SetParametersResult)
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node
from rclpy.parameter import Parameter

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engine_choice import EngineKind, Precision, Provider
from structvpr_ros.inference.view import check_region, WHOLE
from structvpr_ros.matching.pose import PoseOptions
from structvpr_ros.matching.second_stage import CANDIDATES, Rerank
from structvpr_ros.matching.sequence_options import SequenceOptions

Value = Union[bool, int, float, str, list[int]]


@dataclass(frozen=True)
class Declaration:
    """
    One parameter; the type of its default is its type.

    :param description: what it means and, where that is not at once, when a change takes effect.
    :param bounds: the least and the greatest value of a number, both allowed.
    :param choices: all values of a text that has no others.
    :param check: raises ConfigurationError where a list of numbers cannot work.
    """

    name: str
    default: Value
    description: str
    bounds: Optional[tuple[float, float]] = None
    choices: tuple[str, ...] = ()
    read_only: bool = False
    check: Optional[Callable[[tuple[int, ...]], None]] = None

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
        try:
            if self.check:
                self.check(tuple(value))
        except ConfigurationError as error:
            return f'{self.name}: {error}'
        return ''


NEXT_CONFIGURE = 'A change takes effect at the next configure.'
NEXT_ACTIVATE = 'A change takes effect at the next activate.'
FORGETS = 'For sequence_filter, which forgets what it knows when this changes.'

# The fields of PoseOptions that are parameters.
POSE_OPTIONS = ('min_position_std', 'max_position_std', 'min_heading_std', 'max_heading_std')

DECLARATIONS = (
    Declaration('map', '', f'Folder of the place map. {NEXT_CONFIGURE}'),
    Declaration('store', 'local', 'Where the map is searched: in its folder, or on a Milvus '
                'server; the map in the folder, if there is one, answers then while the server '
                f'does not. {NEXT_CONFIGURE}', choices=('local', 'milvus')),
    Declaration('store_uri', '', 'Of the Milvus server: http://host:19530, or a file that ends in '
                f'.db, of Milvus Lite. {NEXT_CONFIGURE}'),
    Declaration('store_collection', 'places', 'Name of the map on the server. '
                f'{NEXT_CONFIGURE}'),
    Declaration('store_timeout', 0.5, 'Seconds that the server may take for an answer; one that '
                f'does not answer is left alone for 5 s. {NEXT_CONFIGURE}', bounds=(0.01, 60)),
    Declaration('model', '', 'Folder of the model bundle; empty takes the student that comes with '
                f'the package. {NEXT_CONFIGURE}'),
    Declaration('engine', 'auto', 'What runs the network; auto takes the best that is installed, '
                f'and the log tells which. {NEXT_CONFIGURE}', choices=get_args(EngineKind)),
    Declaration('provider', 'auto', 'What the engine runs on; cuda and tensorrt need '
                f'onnxruntime-gpu, and cuda of torch its GPU. {NEXT_CONFIGURE}',
                choices=get_args(Provider)),
    Declaration('precision', 'auto', 'Of the arithmetic; auto takes int8 where the model was '
                'quantised and the processor is made for it, and bfloat16 where it has that. '
                f'{NEXT_CONFIGURE}', choices=get_args(Precision)),
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
    Declaration('camera_info', False, 'Undistort the images by the calibration on camera_info, '
                f'beside the image topic; the map must be of such images. {NEXT_ACTIVATE}'),
    Declaration('mask', '', 'Image file, black where images show the robot itself or are not '
                f'to be looked at; stretched to their size. {NEXT_CONFIGURE}'),
    Declaration('roi', list(WHOLE), 'Part of the image, undistorted if it is, to look at: x, y, '
                'width and height in pixels; four zeros are the whole.', check=check_region),
    Declaration('top_k', 5, 'Number of places to publish.', bounds=(1, 100)),
    Declaration('rerank', 'auto', 'Verify the first places by local features and geometry, and '
                'publish probabilities: auto where the map has such features, or off. '
                f'{NEXT_CONFIGURE}', choices=get_args(Rerank)),
    Declaration('rerank_candidates', CANDIDATES, 'How many places are verified at most. '
                f'{NEXT_CONFIGURE}', bounds=(1, 100)),
    Declaration('min_score', 0.0, 'Least score of the best place: its probability with rerank or '
                'sequence_filter, its similarity with neither; below it the robot is not '
                'localized. 0, while min_margin is 0 as well: what the map was calibrated to, if '
                'it was; with sequence_filter, or rerank in a map that was not, 0.5. -1 trusts '
                'any place.', bounds=(-1, 1)),
    Declaration('min_margin', 0.0, 'Least lead of the best place over the second; below it the '
                'robot is not localized. 0, while min_score is 0 as well: as there.',
                bounds=(0, 2)),
    Declaration('sequence_filter', False, 'Judge by all images so far, and by the topic odom '
                f'where there is one; scores are probabilities then. {NEXT_ACTIVATE}'),
    Declaration('max_speed', SequenceOptions.max_speed, 'Metres per second that the robot never '
                f'exceeds. {FORGETS}', bounds=(0.001, 1000)),
    Declaration('kidnapped', SequenceOptions.kidnapped, 'Probability at each image that the '
                f'robot was carried elsewhere; more recovers sooner. {FORGETS}',
                bounds=(1e-6, 0.5)),
    Declaration('tolerance', SequenceOptions.tolerance, 'Metres around a place that count as '
                f'the same answer. {FORGETS}', bounds=(0, 1000)),
    Declaration('row_spacing', SequenceOptions.row_spacing, 'Metres from one place to the next '
                f'in a map without positions. {FORGETS}', bounds=(0.001, 1000)),
    Declaration('min_position_std', PoseOptions.min_position_std, 'Metres, least standard '
                'deviation of a pose in any direction.', bounds=(0.001, 1e6)),
    Declaration('max_position_std', PoseOptions.max_position_std, 'Metres, largest standard '
                'deviation of a pose in any direction.', bounds=(0.001, 1e6)),
    Declaration('min_heading_std', PoseOptions.min_heading_std, 'Radians, least standard '
                'deviation of the heading of a pose.', bounds=(0.001, math.pi)),
    Declaration('max_heading_std', PoseOptions.max_heading_std, 'Radians, largest standard '
                'deviation of the heading of a pose; that of an unknown one.',
                bounds=(0.001, math.pi)),
    Declaration('refine_pose', False, 'Refine poses by local features: the heading, and the '
                'position across the direction to the images of the map, which the same camera '
                'must have taken; needs camera_info and a map with local features.'),
    Declaration('odom_frame', '', 'Frame of the odometry; if given, and tf2_ros is there, the '
                f'transform from the map to it is broadcast. {NEXT_CONFIGURE}'),
    Declaration('pose_frame', 'base_link', 'Frame of the robot whose poses the map holds, for '
                f'that transform. {NEXT_CONFIGURE}'),
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
    known: dict[str, Any] = {}

    def check(parameters: list[Parameter]) -> SetParametersResult:
        values = {parameter.name: parameter.value for parameter in parameters
                  if parameter.name in by_name}
        faults = [by_name[name].fault(value) for name, value in values.items()]
        reason = '; '.join(filter(None, faults))
        if not reason and len(known) == len(by_name):
            _, reason = _fault_together({
                name: values.get(name, node.get_parameter(name).value) for name in by_name})
        return SetParametersResult(successful=not reason, reason=reason)

    node.add_on_set_parameters_callback(check)
    for declaration in DECLARATIONS:
        known[declaration.name] = node.declare_parameter(
            declaration.name, declaration.default, declaration.descriptor()).value
    name, reason = _fault_together(known)
    if reason:
        raise InvalidParameterValueException(name, known[name], reason)


def _fault_together(values: Mapping[str, Any]) -> tuple[str, str]:
    # Returns whose value is wrong, though each is all right by itself, and why; '' if none is.
    try:
        PoseOptions(**{name: values[name] for name in POSE_OPTIONS})
    except ConfigurationError as error:
        return POSE_OPTIONS[0], str(error)
    if values['refine_pose'] and not values['camera_info']:
        return 'refine_pose', 'refine_pose: expected camera_info as well, found it false'
    return '', ''
