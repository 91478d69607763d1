# Two transfers in opposite directions: each may hold its own account and wait for the other's. A reentrant lock does not help.
# catalogue: E52c
# raddle: switch=sync
# ending: deadlock
# outcomes: named
# outcome deadlock: seed=0
# outcome both-pass: seed=5 ending=finished stdout="9 11\n"
from __future__ import annotations

import threading


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.lock = threading.RLock()

    def deposit(self, amount: int) -> None:
        with self.lock:
            self.balance += amount

    def transfer(self, amount: int, other: Account) -> None:
        with self.lock:
            self.deposit(-amount)
            other.deposit(amount)


mine, yours = Account(10), Account(10)
threads = [
    threading.Thread(target=mine.transfer, args=(2, yours), name="mine-yours"),
    threading.Thread(target=yours.transfer, args=(1, mine), name="yours-mine"),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(mine.balance, yours.balance)
