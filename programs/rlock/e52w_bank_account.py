# The account with its annotations put off: a transfer takes the account's own lock again in deposit, which may be done.
# catalogue: E52w
# ending: finished
# outcomes: one
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


mine, yours = Account(10), Account(1)
mine.transfer(4, yours)
print(mine.balance, yours.balance)
