# Building, joining, splitting, formatting, searching, replacing, character loops, comparison.


def build(n):
    parts = []
    for i in range(n):
        parts.append(f"item {i}: {i * 2:>8} [{i % 7}]")
    return len("\n".join(parts))


def caesar(text, shift, times):
    for _ in range(times):
        out = []
        for c in text:
            if "a" <= c <= "z":
                out.append(chr((ord(c) - 97 + shift) % 26 + 97))
            else:
                out.append(c)
        text = "".join(out)
    return text


def parse(n):
    line = "name=value; size=12; colour=green; weight=3.5"
    total = 0
    for _ in range(n):
        for field in line.split("; "):
            key, _, value = field.partition("=")
            if value.isdigit():
                total += int(value)
            elif key.startswith("w"):
                total += float(value)
            else:
                total += len(key.strip().upper())
    return total


def search(n):
    text = "a needle in a haystack of other needles " * 20
    found = 0
    for i in range(n):
        found += text.find("needle", i % 100) + text.count("hay")
        if "straw" in text or text.endswith("x"):
            found += 1
    return found + len(text.replace("needle", "pin"))


def palindromes(n):
    total = 0
    for i in range(n):
        text = str(i)
        if text == text[::-1]:
            total += 1
        total += "%d" % i == text
    return total


sentence = "the quick brown fox jumps over the lazy dog. " * 20
print(build(150_000), caesar(sentence, 3, 400)[:9], parse(60_000), search(60_000), palindromes(300_000))
