import sys
import counter

counter.bump()
import counter as again

again.bump()
print(counter.n, counter is again)
from counter import n

counter.bump()
print(n, counter.n)


def local():
    import counter
    from counter import bump

    bump()
    return counter.n


print(local(), sys.modules["counter"].n)
counter = None
print(again.n)
