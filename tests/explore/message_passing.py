# Data written before its flag is there when the flag is seen.
import threading
data = 0
ready = False
def send():
    global data, ready
    data = 42
    ready = True
def receive():
    if ready: print(data)
    else: print('nothing')
ts = [threading.Thread(target=f) for f in (send, receive)]
for t in ts: t.start()
for t in ts: t.join()
