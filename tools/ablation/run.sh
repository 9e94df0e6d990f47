#!/usr/bin/env bash
# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
#
# The ablation of the poster with a teacher that does not know the night and the snow:
#
#   tools/ablation/run.sh OUTPUT [OPTION...]
#
# Renders a town, fits a small segmentation network to its fair weather, and lets it label the
# images of the night and of the snow. OUTPUT/ablation gets what `evaluate ablation` writes;
# further options go to that command. Run it in a shell where ros2 finds the package. What was
# interrupted goes on when the same command is given again. docs/ablation.md says what came of it.
set -euo pipefail

work=$1 here=$(dirname "$0")
shift
labels=cityscapes_train_id

ros2 run structvpr_ros render_town --output "$work/town" \
    --train_places 120 --val_places 30 --test_places 60
[ -f "$work/fair.pt" ] || python3 "$here/fit_segmenter.py" "$work/town" "$work/fair.pt" \
    sunny overcast
# The network labels a data set of the dark and snowy images alone; a second data set has its label
# maps of these, and the true ones of the others.
for part in unknown mixed; do
    mkdir -p "$work/$part"
    ln -sfn "$(realpath "$work/town/images")" "$work/$part/images"
done
grep -E '^image,|,(night|snow),' "$work/town/places.csv" > "$work/unknown/places.csv"
ros2 run structvpr_ros segment --dataset "$work/unknown" --model "$work/fair.pt" --label_set $labels
cp "$work/town/places.csv" "$work/mixed"
cp -r "$work/town/labels" "$work/mixed"
cp -r "$work/unknown/labels" "$work/mixed"
rm "$work/mixed/labels/segment.yaml"  # which would say that the network made them all
ros2 run structvpr_ros encode --dataset "$work/mixed" --label_set $labels --size '[96,128]'

ros2 run structvpr_ros evaluate ablation --dataset "$work/town" --slme "$work/mixed/slme" \
    --output "$work/ablation" --input_size '[96,128]' --conditions '[sunny,rain,fog,night,snow]' \
    --epochs 2 --teacher_epochs 2 --tuples 200 --pool 300 --frozen_blocks 6 --frozen_views 2 \
    --strength 4 --distill_learning_rate 1e-4 --settings '[none,all,control,s1,s2,weighted]' "$@"
