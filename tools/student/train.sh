#!/usr/bin/env bash
# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
#
# Trains the student that comes with the package, from nothing but openly usable sources:
#
#   tools/student/train.sh IETOWER OUTPUT
#
# IETOWER is the data set of the IE Tower VPR project (MIT licence), OUTPUT a folder for all that
# is made; OUTPUT/student is the bundle. Run it in a shell where ros2 finds the package. What was
# interrupted goes on when the same command is given again. docs/student.md says what came of it.
set -euo pipefail

tower=$1 work=$2 here=$(dirname "$0")
network=(--aggregator vlad_cells --input_size '[240,320]')
brief=(--epochs 1 --tuples 500 --pool 500 --batch 12)

ros2 run structvpr_ros render_town --output "$work/town" --seed 11 \
    --train_places 400 --val_places 4 --test_places 4
[ -d "$work/tower" ] || python3 "$here/ietower_to_places.py" "$tower" "$work/tower"
[ -d "$work/joined" ] || python3 "$here/join_places.py" "$work/joined" "$work/town" "$work/tower"
ros2 run structvpr_ros encode --dataset "$work/town" --label_set cityscapes_train_id \
    --size '[240,320]'

# The first nine blocks of the RGB branch keep what ImageNet taught them of the real world.
ros2 run structvpr_ros train --dataset "$work/joined" --output "$work/training" --branch rgb \
    "${network[@]}" "${brief[@]}" --frozen_blocks 9
ros2 run structvpr_ros train --dataset "$work/town" --output "$work/training" --branch seg \
    "${network[@]}" "${brief[@]}"
ros2 run structvpr_ros distill --dataset "$work/town" --output "$work/student" \
    --teacher "$work/training/seg" --student "$work/training/rgb" \
    --epochs 1 --tuples 300 --pool 300 --batch 12 --frozen_blocks 9 --learning_rate 1e-4
ros2 run structvpr_ros export --model "$work/student"
