# Misuse of every primitive, and what it raises.
# ending: finished
# outcomes: one
import threading

unstarted = threading.Thread(target=print)
started = threading.Thread(target=int)
started.start()
started.join()


class NoBaseInit(threading.Thread):
    def __init__(self):
        pass


attempts = [
    lambda: started.start(),
    lambda: unstarted.join(),
    lambda: threading.current_thread().join(),
    lambda: threading.Lock().release(),
    lambda: threading.RLock().release(),
    lambda: threading.Condition().wait(),
    lambda: threading.Condition().notify(),
    lambda: threading.Condition().notify_all(),
    lambda: threading.BoundedSemaphore().release(),
    lambda: threading.Semaphore().release(0),
    lambda: threading.Thread(group="staff"),
    lambda: setattr(started, "daemon", 1) or setattr(threading.main_thread(), "daemon", True),
    lambda: NoBaseInit().start(),
    lambda: started.run(1),
]
for number, attempt in enumerate(attempts):
    try:
        attempt()
        print(number, "nothing raised")
    except Exception as e:
        print(f"{number} {type(e).__name__}: {e}")
