#!/usr/bin/env python3
"""How long `raddle run` takes for each program of programs/, best of five: `each.py [RADDLE]`. Lists those over 50 ms."""

import glob
import subprocess
import sys
import time

LIMIT = 0.050
raddle = sys.argv[1] if len(sys.argv) > 1 else "target/release/raddle"


def once(path):
    start = time.perf_counter()
    subprocess.run([raddle, "run", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


times = sorted((min(once(path) for _ in range(5)), path) for path in glob.glob("programs/*/*.py"))
for seconds, path in reversed(times):
    if seconds > LIMIT:
        print(f"{seconds * 1000:8.1f} ms  {path}")
middle, _ = times[len(times) // 2]
slowest, path = times[-1]
print(f"{len(times)} programs: half of them under {middle * 1000:.1f} ms, the slowest {slowest * 1000:.1f} ms ({path})")
