# Sieve, matrix product, sorting with and without a key, comprehensions, slices, append and pop, tuples unpacked.


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
    return sum(flags)


def product(size):
    a = [[i * j % 7 for j in range(size)] for i in range(size)]
    b = [[i + j for j in range(size)] for i in range(size)]
    c = [[0] * size for _ in range(size)]
    for i in range(size):
        row = a[i]
        for j in range(size):
            total = 0
            for k in range(size):
                total += row[k] * b[k][j]
            c[i][j] = total
    return sum(map(sum, c))


def sorting(n):
    state = 1
    numbers = []
    for _ in range(n):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        numbers.append(state)
    numbers.sort()
    by_last = sorted(numbers, key=lambda x: x % 1000)
    return numbers[n // 2] + by_last[0]


def stack(n):
    todo = [(0, 1)]
    seen = 0
    while todo:
        depth, width = todo.pop()
        seen += width
        if seen < n:
            todo.append((depth + 1, width))
            todo.append((depth + 2, width + 1))
    return seen


def pieces(n):
    numbers = list(range(1000))
    total = 0
    for i in range(n):
        middle = numbers[100 : 200 + i % 100]
        total += len(middle) + middle[-1] + max(middle[:10])
        if i in (3, 5, 7):
            total -= 1
    for index, value in enumerate(numbers * 100):
        total += index - value
    squares = [x * x for x in numbers if x % 3]
    return total + sum(squares)


print(sieve(1_000_000), product(110), sorting(150_000), stack(300_000), pieces(50_000))
