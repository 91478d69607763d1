# The account with a plain lock: transfer holds it when deposit wants it. It waits for itself.
# catalogue: E52b
# ending: deadlock
# outcomes: one
from __future__ import annotations

import threading


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.lock = threading.Lock()

    def deposit(self, amount: int) -> None:
        with self.lock:
            self.balance += amount

    def transfer(self, amount: int, other: Account) -> None:
        with self.lock:
            self.deposit(-amount)
            other.deposit(amount)


mine, yours = Account(10), Account(1)
mine.transfer(4, yours)
