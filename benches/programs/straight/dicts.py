# Counting words, grouping, memoised recursion, updates in place, iteration, sets, tuples as keys.

TEXT = "the quick brown fox jumps over the lazy dog and the cat that sat on the mat by the old barn door"


def words(n):
    counts = {}
    for word in TEXT.split() * n:
        counts[word] = counts.get(word, 0) + 1
    return max(counts.items(), key=lambda item: item[1])


def groups(n):
    by_rest = {}
    for i in range(n):
        by_rest.setdefault(i % 97, []).append(i)
    return {rest: len(items) for rest, items in by_rest.items()}


def paths(size):
    memo = {}

    def walk(x, y):
        if x == 0 or y == 0:
            return 1
        key = (x, y)
        if key not in memo:
            memo[key] = walk(x - 1, y) + walk(x, y - 1)
        return memo[key]

    return walk(size, size)


def table(n):
    stock = {i: 0 for i in range(1000)}
    for i in range(n):
        stock[i % 1000] += i
        if i % 10 == 0:
            del stock[i % 1000]
            stock[i % 1000] = 1
    total = 0
    for key, value in stock.items():
        total += key * value
    return total


def distinct(n):
    seen = set()
    hits = 0
    for i in range(n):
        value = i * i % 10007
        if value in seen:
            hits += 1
        else:
            seen.add(value)
    return hits, len(seen & set(range(0, 10007, 3)))


word, count = words(20_000)
print(word, count, len(groups(400_000)), paths(250) % 1000007, table(500_000), distinct(600_000))
