# SPDX-License-Identifier: GPL-3.0-or-later
"""tasks.py PROGRAM: what a student forgets of one task while it learns another, against the overlap of their teachers.

Two tasks of one erf teacher each are learned one after the other, each with a trained head of its own. The teachers share the
head of the spectrum (they are the same in the leading eigenspaces, independent in the others), its tail, or an equal part of
every eigenspace. The abscissa is the correlation of their fields, sum_b p_b lambda_b s_b / T. Writes head.csv, tail.csv,
all.csv and, with replay, head-replay.csv, .. into the present folder.
"""

import json
import subprocess
import sys

L, K, POINTS = 16, 2, 41
SWITCH, END, REPLAY = 200, 400, 0.25
MODEL = f"-K {K} -M 2 -N 16384 -L {L} --beta 1 --eta 0.5 --train-output --eta-v 0.5 --teacher mean --rtol 1e-7"
HEADS = [0.7, 0.3], [0, 0.3]
SHARES = [1 / (b + 1) ** 2 for b in range(L)]  # of an eigenvalue in the trace


def similarities(kind, overlap):
    """s_b with this overlap: blocks are filled one after the other, from the head or from the tail."""
    if kind == "all":
        return [overlap] * L
    left, found = overlap * sum(SHARES), [0.0] * L
    for b in range(L) if kind == "head" else reversed(range(L)):
        found[b] = max(0.0, min(1.0, left / SHARES[b]))
        left -= SHARES[b] * found[b]
    return found


def tasks(similarity, replay):
    first = {"student_output": HEADS[0], "teacher_output": [1, 0], "probability": [[0, 1], [SWITCH, replay]]}
    second = {"student_output": HEADS[1], "teacher_output": [0, 1], "probability": [[SWITCH, 1 - replay]]}
    return json.dumps({"tasks": [first, {**second, "similarity": similarity}]})


def errors(program, similarity, replay):
    """eps_g_1 and eps_g_2 at the start, at the switch and at the end."""
    command = [program, "curve", *MODEL.split(), "--alpha", f"0,{SWITCH},{END}", "--tasks", tasks(similarity, replay)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [list(map(float, line.split(",")))[2:] for line in told.splitlines() if line[0] in "0123456789"]


def main():
    for replay, suffix in ((0, ""), (REPLAY, "-replay")):
        for kind in ("head", "tail", "all"):
            with open(f"{kind}{suffix}.csv", "w") as file:
                file.write("overlap,forgetting,transfer,eps_g_1,eps_g_2\n")
                for k in range(POINTS):
                    overlap = k / (POINTS - 1)
                    start, switch, end = errors(sys.argv[1], similarities(kind, overlap), replay)
                    row = [overlap, end[0] - switch[0], start[1] - switch[1], *end]
                    file.write(",".join(f"{value:.6g}" for value in row) + "\n")


if __name__ == "__main__":
    main()
