# threading.local keeps one value per thread, and starts empty in each.
# ending: finished
# outcomes: one
import threading

data = threading.local()
data.value = "main's"
seen = {}


class Defaults(threading.local):
    def __init__(self, start):
        self.count = start


defaults = Defaults(10)


def work(n):
    before = hasattr(data, "value")
    data.value = n
    defaults.count += n
    seen[n] = (before, data.value, defaults.count)


threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2, 3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(seen.items()), data.value, defaults.count)
