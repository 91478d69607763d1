"""Record or check the conformance corpus against the running interpreter.

usage: python3.13 tests/cases/record.py [--check] [--lint] [--seed N] [AREA[/NAME] ...]

Without --check every `<area>.cases` beside this file is run and
`<area>.expected` is rewritten; every `modules/<program>/main.py` is run and
`modules/<program>/expected.txt` is rewritten.  With --check nothing is written
and differences are shown; exit status 1 if there are any.  --seed sets
PYTHONHASHSEED (default 0): `--check --seed 7` shows up a case whose output
hangs on string hashing.  --lint looks only at the shape of the case files.

A cases file is text before the first `#### ` line (ignored), then cases:

    #### name [flag ...]
    program

Flags: `min=3.12`  output is that of Python 3.12 or later; skipped on older ones.

An expected file has the same names in the same order, each followed by what the
program wrote to stdout, exactly.  The area `tracebacks` holds what it wrote to
stderr instead.  Flags on the expected header: `exit=N` when the exit status was
not 0 (negative: ended by that signal), and `noeol` when the text did not end
with a newline (one is added in the file, and is not part of the text).  The
program is run as `case.py`, by that name, with stdin empty.
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = "#### "
STDERR_AREAS = {"tracebacks"}
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")


def split(path):
    """The file as a list of (name, flags, text)."""
    out = []
    with open(path, encoding="utf-8", newline="\n") as f:
        lines = f.read().split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    for line in lines:
        if line.startswith(MARK):
            name, *flags = line[len(MARK):].split()
            out.append((name, flags, []))
        elif out:
            out[-1][2].append(line)
    return [(n, f, "".join(s + "\n" for s in body)) for n, f, body in out]


def too_old(flags):
    for flag in flags:
        key, _, value = flag.partition("=")
        if key == "min" and sys.version_info < tuple(map(int, value.split("."))):
            return True
    return False


def lint(area, cases):
    bad, seen = [], set()
    for name, flags, text in cases:
        where = f"{area}/{name}"
        if not NAME.match(name):
            bad.append(f"{where}: the name is not kebab-case")
        if name in seen:
            bad.append(f"{where}: the name is used twice")
        seen.add(name)
        for flag in flags:
            if not re.match(r"min=3\.\d+\Z", flag):
                bad.append(f"{where}: unknown flag {flag}")
        if not 1 <= len(text.strip().split("\n")) <= 60:
            bad.append(f"{where}: {len(text.splitlines())} lines")
    return bad


def run(script, cwd, seed):
    """Run one script by its bare name; (stdout, stderr, status), paths made bare."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    env.update(PYTHONHASHSEED=seed, PYTHONUTF8="1", PYTHONDONTWRITEBYTECODE="1", NO_COLOR="1")
    done = subprocess.run([sys.executable, script], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    real = os.path.realpath(cwd) + os.sep
    texts = [b.decode("utf-8").replace(real, "").replace(cwd + os.sep, "")
             for b in (done.stdout, done.stderr)]
    return texts[0], texts[1], done.returncode


def run_case(area, case, seed):
    name, flags, text = case
    with tempfile.TemporaryDirectory() as tmp:
        with open(os.path.join(tmp, "case.py"), "w", encoding="utf-8", newline="\n") as f:
            f.write(text)
        out, err, status = run("case.py", tmp, seed)
    got = err if area in STDERR_AREAS else out
    header = MARK + name
    if status:
        header += f" exit={status}"
    if got and not got.endswith("\n"):
        header += " noeol"
        got += "\n"
    problems = []
    if any(line.startswith(MARK) for line in got.split("\n")):
        problems.append("the output has a line like a case header")
    if ADDRESS.search(got):
        problems.append("the output has an address in it")
    if sys.prefix in got or tmp in got:
        problems.append("the output has a path of this machine in it")
    if not got:
        problems.append("nothing was written; stderr: " + err)
    return header + "\n" + got, [f"{area}/{name}: {p}" for p in problems]


def diff(where, want, got):
    return "".join(difflib.unified_diff(want.splitlines(True), got.splitlines(True),
                                        f"{where} (recorded)", f"{where} (now)"))


def main(argv):
    check = only_lint = False
    seed, wanted = "0", []
    args = iter(argv)
    for arg in args:
        if arg == "--check":
            check = True
        elif arg == "--lint":
            only_lint = True
        elif arg == "--seed":
            seed = next(args)
        elif arg.startswith("-"):
            sys.exit(__doc__)
        else:
            wanted.append(arg)
    if not check and not only_lint and sys.version_info[:2] != (3, 13):
        sys.exit("record with Python 3.13; other versions can only --check")

    def chosen(area, name):
        return not wanted or area in wanted or f"{area}/{name}" in wanted

    bad, total, skipped = [], 0, 0
    pool = ThreadPoolExecutor(os.cpu_count() or 4)
    areas = sorted(f[:-6] for f in os.listdir(HERE) if f.endswith(".cases"))
    for area in areas:
        cases = split(os.path.join(HERE, area + ".cases"))
        bad += lint(area, cases)
        if only_lint:
            print(f"{len(cases):4} {area}")
            total += len(cases)
            continue
        if not any(chosen(area, c[0]) for c in cases):
            continue
        todo = [c for c in cases if not check or chosen(area, c[0])]
        skipped += sum(too_old(c[1]) for c in todo)
        todo = [c for c in todo if not too_old(c[1])]
        total += len(todo)
        results = list(pool.map(lambda c: run_case(area, c, seed), todo))
        for _, problems in results:
            bad += problems
        path = os.path.join(HERE, area + ".expected")
        if not check:
            with open(path, "w", encoding="utf-8", newline="\n") as f:
                f.writelines(text for text, _ in results)
            continue
        want = {n: " ".join([MARK + n, *flags]) + "\n" + text for n, flags, text in split(path)}
        if [c[0] for c in cases] != list(want):
            bad.append(f"{area}: the expected file does not have the cases' names in order")
        for case, (got, _) in zip(todo, results):
            if want.get(case[0]) != got:
                bad.append(diff(f"{area}/{case[0]}", want.get(case[0], ""), got))

    modules = os.path.join(HERE, "modules")
    programs = sorted(os.listdir(modules)) if os.path.isdir(modules) else []
    for program in programs:
        folder = os.path.join(modules, program)
        if only_lint or not os.path.isdir(folder) or not chosen("modules", program):
            continue
        total += 1
        out, err, status = run("main.py", folder, seed)
        if status:
            bad.append(f"modules/{program}: exit status {status}\n{err}")
        if sys.prefix in out or folder in out:
            bad.append(f"modules/{program}: the output has a path of this machine in it")
        path = os.path.join(folder, "expected.txt")
        if not check:
            with open(path, "w", encoding="utf-8", newline="\n") as f:
                f.write(out)
            continue
        with open(path, encoding="utf-8", newline="\n") as f:
            want = f.read()
        if want != out:
            bad.append(diff(f"modules/{program}", want, out))

    for item in bad:
        print(item.rstrip("\n"))
    verb = "looked at" if only_lint else "checked" if check else "recorded"
    print(f"{verb} {total}, skipped {skipped}, problems {len(bad)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
