# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
#
# Make this environment known to the shell, as a ROS 2 workspace does:
#
#   source .venv/setup.bash

_prefix=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")" && pwd -P)
case ":${AMENT_PREFIX_PATH:-}:" in
    *":$_prefix:"*) ;;
    *)
        export AMENT_PREFIX_PATH="$_prefix${AMENT_PREFIX_PATH:+:$AMENT_PREFIX_PATH}"
        export PATH="$_prefix/bin:$PATH"
        ;;
esac
unset _prefix
# Left by a Python of another environment whose ROS 2 is from PyPI, it would keep ours from
# finding its libraries.
unset _ROS_WHEELS_BOOTSTRAP_COMPLETE
