# A plain lock taken twice by one thread: it waits for itself.
# ending: deadlock
# outcomes: one
import threading


class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.rows = []

    def add(self, row):
        with self.lock:
            self.rows.append(row)

    def add_all(self, rows):
        with self.lock:
            for row in rows:
                self.add(row)


store = Store()
store.add("one")
print(store.rows)
store.add_all(["two", "three"])
