# Recursion, small helpers, keyword and default arguments, closures, lambdas, methods, generators.


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def clamp(value, low=0, high=100):
    if value < low:
        return low
    if value > high:
        return high
    return value


def helpers(n):
    total = 0
    for i in range(n):
        total += clamp(i) + clamp(i, high=1000) + clamp(-i, low=-5)
    return total


def make_adder(step):
    total = 0

    def add(x):
        nonlocal total
        total += x + step
        return total

    return add


def closures(n):
    add = make_adder(3)
    twice = lambda x: x + x  # noqa: E731
    result = 0
    for i in range(n):
        result = add(twice(i))
    return result


class Account:
    def __init__(self, amount):
        self.amount = amount

    def deposit(self, amount):
        self.amount += amount
        return self

    def balance(self):
        return self.amount


def methods(n):
    account = Account(0)
    for i in range(n):
        account.deposit(i).deposit(1)
    return account.balance()


def evens(n):
    for i in range(n):
        if not i & 1:
            yield i


def generators(n):
    return sum(x * x for x in evens(n))


print(fib(25), helpers(200_000), closures(300_000), methods(300_000), generators(400_000))
