# Two withdrawals check the balance before either takes from it: the account is overdrawn.
# raddle: seed=2
# ending: exception
# outcomes: named
# outcome overdrawn: seed=2 stdout="-60\n"
# outcome declined: seed=9 ending=finished stdout="20\n"
import threading


class Account:
    def __init__(self, balance):
        self.balance = balance

    def withdraw(self, amount):
        if self.balance >= amount:
            self.balance -= amount
            return True
        return False


account = Account(100)
threads = [threading.Thread(target=account.withdraw, args=(80,)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(account.balance)
assert account.balance >= 0, "overdrawn"
