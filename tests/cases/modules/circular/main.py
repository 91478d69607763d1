import even
from odd import is_odd

print([n for n in range(8) if even.is_even(n)], is_odd(7))

try:
    import first
except ImportError as e:
    print(type(e).__name__, str(e).split(" (")[0])
