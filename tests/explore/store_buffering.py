# Each of two threads writes one variable and reads the other: in a sequentially consistent memory one of them sees 1.
import threading
x = y = a = b = 0
def left():
    global x, a
    x = 1
    a = y
def right():
    global y, b
    y = 1
    b = x
ts = [threading.Thread(target=f) for f in (left, right)]
for t in ts: t.start()
for t in ts: t.join()
print(a, b)
