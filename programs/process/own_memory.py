# A forked process has a copy of its parent's memory: what it changes its parent does not see, and no lock is needed.
# ending: finished
# outcomes: one
import multiprocessing


class Account:
    count = 0

    def __init__(self, balance):
        self.balance = balance
        Account.count += 1


account = Account(100)
history = {account: ["opened"]}


def spend(amount, queue):
    account.balance -= amount
    history[account].append(amount)
    other = Account(7)
    queue.put((account.balance, Account.count, history[account], other.balance))


if __name__ == "__main__":
    queue = multiprocessing.Queue()
    children = [multiprocessing.Process(target=spend, args=(n, queue)) for n in (30, 40)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(sorted(queue.get() for _ in children))
    print(account.balance, Account.count, history[account])
