"""Writes tables.rs from the character database of the Python that runs it.

Run with CPython 3.13 (Unicode 15.1): python3.13 make_tables.py > tables.rs
The Rust standard library follows a newer Unicode, so its own predicates would
answer differently for characters assigned since.
"""

import sys
import unicodedata

FLAGS = (
    "ALPHA DECIMAL DIGIT NUMERIC PRINTABLE SPACE UPPER LOWER TITLE "
    "ID_START ID_CONTINUE CASE_IGNORABLE"
).split()
NON_SCALAR = range(0xD800, 0xE000)


def flags(c):
    ignorable = (
        # A sigma is final unless a cased letter follows, looking past ignorables.
        ("AΣ" + c).lower()[1] == "ς"
        and ("AΣ" + c + "A").lower()[1] == "σ"
    )
    bits = (
        c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isprintable(),
        c.isspace(), c.isupper(), c.islower(), c.istitle() and not c.isupper(),
        c.isidentifier(), ("a" + c).isidentifier(), ignorable,
    )
    return sum(bool(b) << i for i, b in enumerate(bits))


def lines(items, width=108):
    row = "   "
    for item in items:
        if len(row) + len(item) + 2 > width:
            yield row
            row = "   "
        row += " " + item + ","
    if row.strip():
        yield row


def table(doc, name, kind, items):
    print(f"/// {doc}\n#[rustfmt::skip]")
    print(f"pub(super) static {name}: [{kind}; {len(items)}] = [")
    for row in lines(items):
        print(row)
    print("];\n")


def text(s):
    return '"' + "".join(f"\\u{{{ord(c):x}}}" for c in s) + '"'


def main():
    classes, runs, previous = [], [], None
    digits, zeros, title, fold = [], [], [], []
    for i in range(sys.maxunicode + 1):
        c = chr(i)
        bits = flags(c)
        if bits not in classes:
            classes.append(bits)
        if bits != previous:
            runs.append(i << 6 | classes.index(bits))
            previous = bits
        if c.isdecimal():
            if unicodedata.decimal(c) == 0:
                zeros.append(i)
        elif c.isdigit():
            value = unicodedata.digit(c)
            last = digits[-1] if digits else None
            if last and last[0] + last[1] == i and last[2] + last[1] == value:
                last[1] += 1
            else:
                digits.append([i, 1, value])
        if i in NON_SCALAR:
            continue
        if c.title() != c.upper():
            title.append((i, c.title()))
        if c.casefold() != c.lower():
            fold.append((i, c.casefold()))
    assert len(classes) <= 64
    print(f"//! Character tables of Unicode {unicodedata.unidata_version}, written by `make_tables.py`; do not edit.\n")
    for i, name in enumerate(FLAGS):
        print(f"pub(super) const {name}: u16 = 1 << {i};")
    print()
    table("The distinct sets of properties.", "CLASSES", "u16", [hex(c) for c in classes])
    table(
        "Runs of characters alike, by first character: `first << 6 | index into CLASSES`.",
        "RUNS", "u32", [hex(r) for r in runs],
    )
    table("The zeros of the decimal digit runs, each followed by 1 to 9.", "ZEROS", "u32",
          [hex(z) for z in zeros])
    table("Digits that are not decimal: first character, count, value of the first.",
          "DIGITS", "(u32, u32, u32)", [f"({a:#x}, {n}, {v})" for a, n, v in digits])
    table("Characters whose title case is not their upper case.", "TITLE_CASE",
          "(u32, &str)", [f"({i:#x}, {text(s)})" for i, s in title])
    table("Characters whose case folding is not their lower case.", "FOLDED",
          "(u32, &str)", [f"({i:#x}, {text(s)})" for i, s in fold])


main()
