#!/usr/bin/env python3
"""Fills the corpus of each fuzz target from what this repository has: programs, cases, snapshots.

Tokens and traces are made with the raddle binary if its path is given: `fuzz/seed.py target/release/raddle`.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"


def add(target, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def main():
    programs = sorted((ROOT / "programs").rglob("*.py"))
    for path in programs:
        add("source", path.read_bytes())
    for path in sorted((ROOT / "tests" / "cases").glob("*.cases")):
        for case in path.read_text().split("\n#### ")[1:]:
            add("source", case.partition("\n")[2].encode())
    if len(sys.argv) < 2:
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in programs:
            trace = pathlib.Path(folder) / "t.jsonl"
            command = [sys.argv[1], "run", path, "--max-steps=300", f"--trace={trace}"]
            subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
            if not trace.exists():
                continue
            data = trace.read_bytes()
            trace.unlink()
            add("trace", data)
            add("token", data.rpartition(b'"token":"')[2].partition(b'"')[0])


if __name__ == "__main__":
    main()
