#!/bin/sh
# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
#
# Print the Python to build the environment with, or say in one line what this machine lacks.
#
#   tools/check_machine.sh [CANDIDATE...]
#
# Without ROS 2, its wheels need Linux on x86_64, and vision_msgs a compiler and Python's headers.
# With a sourced ROS 2 (AMENT_PREFIX_PATH), the Python must be the one that ROS was built for.

DISK_GB=10  # The environment takes 7; pip keeps its downloads beside it while it installs.

complain() {
    echo "error: $1" >&2
    exit 1
}

# Exits 0 if this interpreter will do, 3 if it lacks what it prints; one that does not even run,
# such as the shim of a version manager, exits otherwise.
probe='
import os, sys, sysconfig
from importlib.util import find_spec

def lack():
    version = "%d.%d" % sys.version_info[:2]
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        return "is Python %s, not 3.10 to 3.13" % version
    if not (find_spec("venv") and find_spec("ensurepip")):
        return "has no venv module (on Debian and Ubuntu: apt install python%s-venv)" % version
    if os.environ.get("AMENT_PREFIX_PATH"):
        try:
            import rclpy
        except ImportError:
            return "cannot import rclpy, though a ROS 2 is sourced"
    elif not os.path.isfile(os.path.join(sysconfig.get_path("include"), "Python.h")):
        return "has no headers (on Debian and Ubuntu: apt install python%s-dev)" % version

print(sys.executable, lack() or "")
sys.exit(3 if lack() else 0)'

[ $# -gt 0 ] || set -- python3.13 python3.12 python3.11 python3.10 python3

if [ -z "${AMENT_PREFIX_PATH:-}" ]; then
    [ "$(uname -sm)" = 'Linux x86_64' ] ||
        complain "$(uname -sm): expected Linux x86_64, or a sourced ROS 2"
    for tool in gcc g++ make; do
        command -v "$tool" > /dev/null ||
            complain "no $tool (on Debian and Ubuntu: apt install build-essential)"
    done
fi

free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1048576) }')
[ "$free" -ge "$DISK_GB" ] || complain "$free GB of disk are free here: expected $DISK_GB GB"

lack=
for candidate; do
    answer=$("$candidate" -c "$probe" 2> /dev/null)
    case $? in
        0) echo "${answer% }"; exit 0 ;;
        3) lack=${lack:-$answer} ;;
    esac
done
complain "${lack:-no Python 3.10 to 3.13 found (tried $*)}"
