# Made on first use, without a lock: two threads may each make their own.
# raddle: seed=2
# ending: finished
# outcomes: many
# shows: seed=2
# hides: seed=12
import threading


class Registry:
    instance = None
    made = 0

    @classmethod
    def get(cls):
        if cls.instance is None:
            cls.made += 1
            cls.instance = cls()
        return cls.instance


got = []
threads = [threading.Thread(target=lambda: got.append(Registry.get())) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("made", Registry.made, "same", got[0] is got[1])
