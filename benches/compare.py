#!/usr/bin/env python3
"""Sets raddle against python3, and against shuttle, in one run on one machine, and prints ratios.

    cargo build --release --bin raddle --example rate
    benches/compare.py [--raddle BIN] [--rate BIN] [--python BIN] [--shuttle BIN] [--rounds N] [--only WORDS]

Processes of the two sides alternate, so that what else the machine does hits both; times are medians of whole processes, with the
first round thrown away. `--shuttle` is the program of the peers' comparison (`peer-shuttle`); without it that part is left out.
The result is a Markdown table. Standard library only.
"""

import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"
STRAIGHT = ["loops", "calls", "attributes", "lists", "dicts", "strings"]


def spend(command):
    """One process: its stdout, seconds and peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit status {child.returncode}")
    return out, seconds, usage.ru_maxrss / 1024


def alternate(commands, rounds):
    """Median seconds, largest memory and output of each command, run in turn."""
    spent = [[] for _ in commands]
    for _ in range(rounds + 1):
        for command, results in zip(commands, spent):
            results.append(spend(command))
    return [
        (statistics.median(s for _, s, _ in results[1:]), max(m for _, _, m in results), results[0][0])
        for results in spent
    ]


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def aim(ratio, limit):
    return "" if ratio <= limit else " **missed**"


def straight(args):
    row("straight-line code", "raddle", "python3", "raddle's time / python3's, aim 1.0 for the mean")
    row("---", "---:", "---:", "---:")
    ratios = []
    for name in STRAIGHT:
        program = PROGRAMS / "straight" / f"{name}.py"
        (ours, _, out), (theirs, _, expected) = alternate(
            [[args.raddle, "run", program], [args.python, program]], args.rounds
        )
        if out != expected:
            sys.exit(f"{name}: the outputs differ: {out} and {expected}")
        ratios.append(ours / theirs)
        row(name, f"{ours * 1e3:.0f} ms", f"{theirs * 1e3:.0f} ms", f"{ours / theirs:.2f}")
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    row("geometric mean", "", "", f"{mean:.2f}{aim(mean, 1.0)}")
    print()


def processes(args):
    row("whole processes", "raddle", "python3", "time ratio", "memory ratio")
    row("---", "---:", "---:", "---:", "---:")
    for name, rounds in [
        ("hello", 5 * args.rounds),
        ("million_items", args.rounds),
        ("thousand_threads", args.rounds),
        ("ten_thousand_threads", 2),
        ("ten_million_steps", 2),
    ]:
        program = PROGRAMS / f"{name}.py"
        (ours, mine, _), (theirs, other, _) = alternate(
            [[args.raddle, "run", program], [args.python, program]], rounds
        )
        row(
            name,
            f"{ours * 1e3:.1f} ms, {mine:.0f} MB",
            f"{theirs * 1e3:.1f} ms, {other:.0f} MB",
            f"{ours / theirs:.2f}",
            f"{mine / other:.2f}",
        )
    print()


def our_rate(args, program, switch):
    """Runs and steps a second of many seeds in one process."""
    out, _, _ = spend([args.rate, PROGRAMS / program, str(args.seconds), f"switch={switch}"])
    runs, steps, seconds = map(float, re.findall(r"[\d.]+", out.decode()))
    return runs / seconds, steps / seconds


def our_search(args, program, switch, jobs):
    """Runs a second of `explore --strategy random`, which takes seeds that begin alike together, and counts outcomes."""
    command = [args.raddle, "explore", "--strategy", "random", "--switch", switch, "--json", "--max-schedules", "1000000"]
    command += ["--time-limit", f"{args.seconds * 1000:.0f}ms", "--jobs", str(jobs), PROGRAMS / program]
    # It ends by its limit: exit status 4.
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    return found["schedules"] / found["seconds"]


def their_rate(args, words):
    """The same of shuttle, from its ROW line."""
    command = [args.shuttle, *words, "--cap", str(args.seconds), "--reps", "1"]
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    cells = next(line for line in out.splitlines() if line.startswith("ROW")).split("|")
    return float(cells[6]), float(cells[7])


def rates(args):
    cores = os.cpu_count()
    row("random runs, many seeds in one process", "seed by seed", "`explore`, 1 job", f"`explore`, {cores} jobs", "shuttle", "ratios, aim 3", "of steps/s")
    row("---", "---:", "---:", "---:", "---:", "---:", "---:")
    for program, words in [
        ("locked_counter.py", ["w5", "rate-random", "4", "50"]),
        ("one_slot.py", ["w4", "rate-random", "0", "0"]),
    ]:
        for switch in ["sync", "shared"]:
            ours, theirs, searches = [], [], []
            for _ in range(args.rounds):
                ours.append(our_rate(args, program, switch))
                searches.append([our_search(args, program, switch, jobs) for jobs in (1, cores)])
                theirs.append(their_rate(args, words))
            medians = ([statistics.median(x) for x in zip(*side)] for side in (ours, searches, theirs))
            (runs, steps), (one, all_cores), (others, their_steps) = medians
            row(
                f"{program}, {switch}",
                f"{runs:,.0f} runs/s, {1e9 / steps:.0f} ns a step",
                f"{one:,.0f}",
                f"{all_cores:,.0f}",
                f"{others:,.0f} runs/s, {1e9 / their_steps:.0f} ns a step",
                ", ".join(f"{x / others:.1f}" for x in (runs, one, all_cores)),
                f"{steps / their_steps:.1f}",
            )
    print()


def main():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release"
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--raddle", default=target / "raddle")
    parser.add_argument("--rate", default=target / "examples" / "rate")
    parser.add_argument("--python", default="python3")
    parser.add_argument("--shuttle", help="the peers' program; left out without it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement of a rate")
    parser.add_argument("--only", choices=["straight", "processes", "rates"])
    args = parser.parse_args()
    if args.only in (None, "straight"):
        straight(args)
    if args.only in (None, "processes"):
        processes(args)
    if args.shuttle and args.only in (None, "rates"):
        rates(args)


if __name__ == "__main__":
    main()
