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
del sys.modules["counter"]
import counter as fresh

print(fresh.n, again.n, fresh is again)
sys.modules["made_up"] = fresh
import made_up

print(made_up is fresh)
counter = None
print(fresh.get())
