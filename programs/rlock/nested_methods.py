# Methods that lock may call methods that lock, when the lock is reentrant.
# ending: finished
# outcomes: one
import threading


class Stock:
    def __init__(self, **items):
        self._lock = threading.RLock()
        self._items = items

    def change(self, name, by):
        with self._lock:
            self._items[name] = self._items.get(name, 0) + by

    def swap(self, give, take):
        with self._lock:
            self.change(give, -1)
            self.change(take, +1)

    def total(self):
        with self._lock:
            return sum(self._items.values())


stock = Stock(apples=5, pears=5)


def trade(give, take):
    stock.swap(give, take)
    assert stock.total() == 10


threads = [
    threading.Thread(target=trade, args=("apples", "pears")),
    threading.Thread(target=trade, args=("pears", "plums")),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(stock._items.items()), stock.total())
