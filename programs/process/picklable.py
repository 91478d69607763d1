# What comes out of a pipe is a copy as pickle makes it: kinds of values, instances with their own ways, shared and circular parts.
# ending: finished
# outcomes: one
import collections
import dataclasses
import datetime
import enum
import functools
import multiprocessing as mp
import operator
import threading

P = collections.namedtuple("P", "x y")
@dataclasses.dataclass(frozen=True)
class D:
    a: int
    b: list = dataclasses.field(default_factory=list)
class Col(enum.Enum):
    R = 1
class Fl(enum.IntFlag):
    A = 1; B = 2
class S:
    __slots__ = ("a", "b")
    def __init__(self): self.a = 1
class L(list):
    def __init__(self, *a): super().__init__(*a); self.tag = "t"
class Dd(dict): pass
class I(int): pass
class St(str): pass
class E(Exception):
    def __init__(self, code, msg): super().__init__(code, msg); self.code = code
class R:
    def __init__(self, n): self.n = n
    def __reduce__(self): return (R, (self.n + 1,))
class St8:
    def __init__(self): self.x = 1; self.lock = threading.Lock()
    def __getstate__(self): d = dict(self.__dict__); del d["lock"]; return d
    def __setstate__(self, d): self.__dict__.update(d); self.lock = "new"
class Outer:
    class Inner:
        v = 5
    def m(self): return "m"
class Node:
    def __init__(self): self.me = self; self.l = [self]
a, b = mp.Pipe()
def rt(x):
    a.send(x); return b.recv()
print(rt(P(1,2)), rt(D(1,[2])), rt(Col.R) is Col.R, rt(Fl.A|Fl.B), rt(Fl.A))
s = rt(S()); print(s.a, hasattr(s, "b"))
l = rt(L([1,2])); print(type(l).__name__, l, l.tag)
print(rt(Dd(a=1)), type(rt(Dd())).__name__, type(rt(I(3))).__name__, rt(I(3)) + 1, type(rt(St("q"))).__name__)
e = rt(E(3, "m")); print(repr(e), e.code, e.args)
print(rt(R(1)).n, rt(St8()).__dict__)
i = rt(Outer.Inner()); print(i.v, type(i).__qualname__, rt(Outer.Inner) is Outer.Inner)
print(rt(Outer().m)(), rt(len) is len, rt(str.upper)("a"), rt(operator.add)(1,2))
n = rt(Node()); print(n.me is n, n.l[0] is n)
x = []; x.append(x); y = rt(x); print(y[0] is y)
t = ([],); t[0].append(t); y = rt(t); print(y[0][0] is y)
print(rt(collections.deque([1,2],maxlen=3)), rt(collections.defaultdict(list,{1:[2]})), rt(collections.OrderedDict(a=1,b=2)) == collections.OrderedDict(a=1,b=2), rt(collections.Counter("aab")))
print(rt(datetime.datetime(2024,1,2,3,4,5)), rt(datetime.timedelta(days=1)), rt(datetime.date(2024,1,1)))
print(rt(functools.partial(pow, 2))(5), rt({1,2}) == {1,2}, rt(frozenset([1])), rt(range(1,9,2)), rt(slice(1,2)), rt(b"x"), rt(10**40), rt(1.5), rt(...), rt(None), rt(NotImplemented))
print(rt({"k": (1, [2, {3}])}), rt(float("inf")), rt(ValueError) is ValueError, rt(type) is type, rt(int) is int, rt(P) is P)
try: raise ValueError("x") from KeyError("y")
except ValueError as ex: z = rt(ex); print(repr(z), z.__cause__, z.__traceback__)
for bad in (threading.Lock(), threading.RLock(), threading.Condition(), threading.Event(), threading.Thread(), (q for q in "a"), mp, mp.Queue(), mp.Lock(), threading.local(), type("X",(),{})):
    try: rt(bad); print("ok")
    except Exception as ex: print(type(ex).__name__, str(ex)[:70])
