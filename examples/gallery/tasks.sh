#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Lee, Goldt and Saxe 2021: what is forgotten of a first task, against the similarity of the second:
# tasks.svg. --full: 21 similarities in place of 9.
set -euo pipefail
steps=8
[ "${1:-}" != --full ] || steps=20
echo 'similarity,forgetting,replay' >tasks.csv
forgetting() { # SIMILARITY REPLAY: a quarter of replay, or none
    tasks="{\"tasks\": [
      {\"student_output\": [0.7, 0.3], \"teacher_output\": [1, 0], \"probability\": [[0, 1], [200, $2]]},
      {\"student_output\": [0, 0.3], \"teacher_output\": [0, 1], \"probability\": [[200, $(awk -v p="$2" 'BEGIN { print 1 - p }')]], \"similarity\": $1}]}"
    ordpar curve -K 2 -M 2 -N 1024 -L 16 --eta 0.5 --train-output --eta-v 0.5 --teacher mean --tasks "$tasks" --rtol 1e-6 --alpha 0:400:81 -q |
        sed -n "s/^# forgetting 1: \([^ :]*\).*/\1/p"
}
for k in $(seq 0 $steps); do
    s=$(awk -v k=$k -v n=$steps 'BEGIN { print k / n }')
    echo "$s,$(forgetting $s 0),$(forgetting $s 0.25)" >>tasks.csv
done
ordpar plot tasks.csv --x similarity --column forgetting,replay --xscale lin --yscale lin --legend 'one task after the other,with 25 % replay' \
    --xlabel 'similarity of the teachers' --ylabel 'rise of the first task’s ε_g' --title 'Forgetting' -o tasks.svg
cat tasks.csv
