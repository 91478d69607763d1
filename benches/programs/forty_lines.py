# Forty lines of ordinary code, no threads: what a run costs beside its steps.
LIMIT = 3


class Shelf:
    def __init__(self, limit=LIMIT):
        self.items = []
        self.limit = limit

    def put(self, item):
        if len(self.items) >= self.limit:
            raise IndexError("full")
        self.items.append(item)
        self.items.sort()

    def __len__(self):
        return len(self.items)


def total(shelf):
    result = 0
    for item in shelf.items:
        result += item
    return result


shelf = Shelf()
for number in (5, 3, 8):
    shelf.put(number)
try:
    shelf.put(1)
except IndexError:
    rest = 1
assert total(shelf) == 16
squares = {n: n * n for n in shelf.items}
assert squares[8] == 64
first, *others = shelf.items
assert (first, others, len(shelf)) == (3, [5, 8], 3)
text = f"{first}-{others[0]}" + "!" * rest
assert text == "3-5!"
