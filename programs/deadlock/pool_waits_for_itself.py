# Tasks of a pool that wait for further tasks of the same pool: once all workers wait, nobody is left to do those.
# raddle: switch=sync
# ending: deadlock
# outcomes: many
# outcome stuck: seed=0
# outcome passes: seed=20 ending=finished stdout="[2, 3]\n"
from concurrent.futures import ThreadPoolExecutor


def part(n):
    return n + 1


def whole(n):
    return pool.submit(part, n).result()


pool = ThreadPoolExecutor(max_workers=2)
futures = [pool.submit(whole, n) for n in (1, 2)]
print([future.result() for future in futures])
