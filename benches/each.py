#!/usr/bin/env python3
"""How long `raddle run` takes for each program of programs/, without a trace and with one, best of seven in turn: `each.py [RADDLE]`.

Lists those over 50 ms, and those that a trace makes slower by more than 30 %."""

import glob
import os
import subprocess
import sys
import tempfile
import time

LIMIT = 0.050
MORE = 0.30
raddle = sys.argv[1] if len(sys.argv) > 1 else "target/release/raddle"
trace = os.path.join(tempfile.mkdtemp(), "trace.txt")


def once(*command):
    start = time.perf_counter()
    subprocess.run([raddle, "run", *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def best(path):
    pairs = [(once(path), once(f"--trace={trace}", path)) for _ in range(7)]
    return min(plain for plain, _ in pairs), min(traced for _, traced in pairs), path


times = sorted(map(best, glob.glob("programs/*/*.py")))
for plain, _, path in reversed(times):
    if plain > LIMIT:
        print(f"{plain * 1000:8.1f} ms  {path}")
middle, slowest = times[len(times) // 2], times[-1]
print(f"{len(times)} programs: half of them under {middle[0] * 1000:.1f} ms, the slowest {slowest[0] * 1000:.1f} ms ({slowest[2]})")

costs = sorted((traced / plain - 1, path) for plain, traced, path in times)
for cost, path in reversed(costs):
    if cost > MORE:
        print(f"{cost * 100:+7.0f} %  {path}")
together = sum(traced for _, traced, _ in times) / sum(plain for plain, _, _ in times) - 1
print(
    f"with a trace all together {together * 100:+.0f} %, half of them under {costs[len(costs) // 2][0] * 100:+.0f} %, "
    f"the most {costs[-1][0] * 100:+.0f} % ({costs[-1][1]})"
)
