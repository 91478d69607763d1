import even

print("odd loading; even has is_even:", hasattr(even, "is_even"))


def is_odd(n):
    return False if n == 0 else even.is_even(n - 1)
