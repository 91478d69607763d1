# A list of a million items, appended to, changed, sorted and summed.
items = []
for i in range(1_000_000):
    items.append(i * 7919 % 1_000_003)
items.sort()
for i in range(0, 1_000_000, 1000):
    items[i] = -1
print(len(items), sum(items), items[-1])
