#!/usr/bin/env python3
"""Sets raddle's searches of small programs against shuttle's and loom's, in one run on one machine.

    cargo build --release --bin raddle
    benches/searches.py PEERS [--raddle BIN] [--cap SECONDS]

PEERS is a folder with `rust-shuttle` and `rust-loom`, built, and `programs`, the same in Python. All on one core, each whole process
by itself, in turn; a search that is not over after the cap is told as it is then. Raddle's time is that of its document: it includes the
estimate of shares and the simpler examples. The result is a Markdown table. Standard library only.
"""

import argparse
import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent

# What, the Python side, and the peers' workload.
PROGRAMS = [
    ("2 threads, 1 unlocked increment each", "w1_racy_2", "w1 2 0"),
    ("3 threads, 1 unlocked increment each", "w1_racy_3", "w1 3 0"),
    ("locked counter 2 x 2", "w2_locked_2x2", "w2 2 2"),
    ("locked counter 3 x 2", "w2_locked_3x2", "w2 3 2"),
    ("locked counter 3 x 3", "w2_locked_3x3", "w2 3 3"),
    ("3 philosophers", "w3_philosophers_3", "w3 3 0"),
    ("4 philosophers", "w3_philosophers_4", "w3 4 0"),
    ("5 philosophers", "w3_philosophers_5", "w3 5 0"),
    ("3 ordered philosophers", "w3o_ordered_3", "w3o 3 0"),
    ("5 ordered philosophers", "w3o_ordered_5", "w3o 5 0"),
    ("bounded buffer", "w4_bounded_buffer", "w4 0 0"),
]


def told(runs, seconds, whole):
    runs, seconds = int(float(runs)), float(seconds)
    rate = f"{runs / seconds if seconds else 0:,.0f}/s"
    if not whole:
        return f"{runs:,} runs and not done, {rate}"
    time = f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
    return f"{runs:,} runs, {time}, {rate}"


def peer(binary, mode, workload, args):
    name, *sizes = workload.split()
    command = [binary, name, mode, *sizes, "--cap", str(args.cap), "--reps", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=args.cap * 3 + 30)
    rows = [line.split("|") for line in done.stdout.splitlines() if line.startswith("ROW|")]
    if not rows:
        return "fails"
    _, _, _, runs, complete, seconds, *_ = rows[0]
    return told(runs, seconds, complete.startswith("yes"))


def raddle(program, strategy, args):
    command = [args.raddle, "explore", program, "--jobs", "1", "--json", "--strategy", strategy]
    command += ["--time-limit", f"{args.cap}s"]
    done = subprocess.run(command, capture_output=True, text=True)
    found = json.loads(done.stdout)
    return told(found["schedules"], found["seconds"], found["complete"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peers", type=pathlib.Path)
    parser.add_argument("--raddle", default=HERE.parent / "target/release/raddle")
    parser.add_argument("--cap", type=int, default=20)
    args = parser.parse_args()
    shuttle = args.peers / "rust-shuttle/target/release/peer-shuttle"
    loom = args.peers / "rust-loom/target/release/peer-loom"
    print("| program | shuttle, DFS | loom | raddle, `dfs` | raddle, `dpor` |")
    print("| --- | --- | --- | --- | --- |")
    for what, program, workload in PROGRAMS:
        path = args.peers / "programs" / f"{program}.py"
        cells = [
            what,
            peer(shuttle, "dfs", workload, args),
            peer(loom, "exh", workload, args),
            raddle(path, "dfs", args),
            raddle(path, "dpor", args),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores, cap {args.cap} s")


main()
