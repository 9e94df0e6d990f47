# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Sessions of ONNX Runtime whose threads do not spin into the time of who comes after."""

import onnxruntime


def quiet_session(graph: bytes) -> onnxruntime.InferenceSession:
    """Return a session on the CPU that leaves the cores to others as soon as it has answered."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    return onnxruntime.InferenceSession(graph, options, providers=['CPUExecutionProvider'])
