# A misspelt name in a thread, found only when that line runs; the suggestion is CPython's.
# ending: thread-exception
# outcomes: one
import threading

total = 0


def work():
    global total
    total = 1
    print(totl)


def nested():
    work()


t = threading.Thread(target=nested)
t.start()
t.join()
print("total", total)
