# A class that names itself in an annotation within its own body: up to Python 3.13 that name does not exist yet.
# catalogue: E52
# ending: exception
# outcomes: one
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


print("never printed")
