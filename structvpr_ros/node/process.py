# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The localize node as a process: from its ROS arguments to its exit code."""

from threading import Event

import rclpy
from rclpy.exceptions import ParameterException
from rclpy.executors import SingleThreadedExecutor
from rclpy.logging import get_logger
from rclpy.signals import SignalHandlerOptions

from structvpr_ros.node.localize_node import LocalizeNode
from structvpr_ros.node.memory import keep_large_buffers_apart

STOP_PERIOD = 0.2  # seconds, the longest that a stop waits for an idle executor
MISTAKE = 2  # exit code, as that of the other commands


def run(stop: Event) -> int:
    """
    Run the node with the ROS arguments of this process.

    :param stop: set, by a signal handler say, when it is time to end.
    :return: 0; 2 for ROS arguments that cannot work, told in one line.
    """
    keep_large_buffers_apart()
    try:
        # Without rclpy's signal handlers: they shut the context down under whatever runs, even
        # a transition, and miss an executor that is just about to wait, which waits on for ever.
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        node = LocalizeNode()
    except (ParameterException, RuntimeError) as error:  # rclpy's own are RuntimeErrors
        get_logger('localize').fatal(' '.join(str(error).split()))
        rclpy.try_shutdown()
        return MISTAKE
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    node.autostart()
    while not stop.is_set():
        executor.spin_once(timeout_sec=STOP_PERIOD)
    executor.shutdown()
    node.release()
    node.destroy_node()
    rclpy.shutdown()
    return 0
