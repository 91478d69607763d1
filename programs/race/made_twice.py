# Made on first use, without a lock: two threads may each make their own.
# raddle: seed=2
# ending: finished
# outcomes: many
# outcome twice: seed=2 stdout="made 2 same False\n"
# outcome once: seed=12 stdout="made 1 same True\n"
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
