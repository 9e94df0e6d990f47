#!/usr/bin/env bash
# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
#
# Trains the student that comes with the package, from nothing but openly usable sources:
#
#   tools/student/train.sh IETOWER OUTPUT
#
# IETOWER is the data set of the IE Tower VPR project (MIT licence), OUTPUT a folder for all that
# is made, some 4 GB; OUTPUT/student is the bundle. Run it in a shell where ros2 finds the package.
# What was interrupted goes on when the same command is given again. docs/student.md says what came
# of it.
set -euo pipefail

tower=$1 work=$2 here=$(dirname "$0")
network=(--aggregator vlad_gem_cells --input_size '[240,320]')
# The RGB branch keeps all that ImageNet taught its blocks of the real world; what is trained is how
# their features become a descriptor. So the blocks need to see each image but a few times.
heads=(--frozen_blocks 12 --frozen_views 3 --augment strong --loss multi_similarity
       --learning_rate 1e-3 --batch 32 --views "$work/views")

ros2 run structvpr_ros render_town --output "$work/town" --seed 11 \
    --train_places 400 --val_places 4 --test_places 4
[ -d "$work/tower" ] || python3 "$here/ietower_to_places.py" "$tower" "$work/tower"
[ -d "$work/joined" ] || python3 "$here/join_places.py" "$work/joined" "$work/town" "$work/tower"
ros2 run structvpr_ros encode --dataset "$work/town" --label_set cityscapes_train_id \
    --size '[240,320]'

ros2 run structvpr_ros train --dataset "$work/joined" --output "$work/training" --branch rgb \
    "${network[@]}" "${heads[@]}" --epochs 4 --tuples 5000
# Label maps have no detail to lose: the teacher looks at them in half the size.
ros2 run structvpr_ros train --dataset "$work/town" --output "$work/training" --branch seg \
    --aggregator vlad_gem_cells --input_size '[120,160]' --epochs 2 --tuples 500 --pool 500 \
    --batch 12
ros2 run structvpr_ros distill --dataset "$work/town" --output "$work/student" \
    --teacher "$work/training/seg" --student "$work/training/rgb" \
    "${heads[@]}" --frozen_views 1 --learning_rate 3e-4 --epochs 2 --tuples 2000
# How much the layout counts is learned beside a VLAD that holds by day on a street. Beside the
# student's own, which does not, it is learned to count on all streets, however they are seen.
ros2 run structvpr_ros train --dataset "$work/joined" --output "$work/share" --branch rgb \
    --aggregator vlads_gem_cells --input_size '[240,320]' "${heads[@]}" --epochs 4 --tuples 5000
python3 "$here/take_share.py" "$work/student" "$work/share/rgb"
python3 "$here/halve.py" "$work/student"
ros2 run structvpr_ros export --model "$work/student"
