# cancel before the time is up prevents the call; afterwards it does nothing.
# ending: finished
# outcomes: one; free: many
import threading

fired = []
never = threading.Timer(30, fired.append, ["never"])
never.start()
never.cancel()
never.join()
once = threading.Timer(0.01, fired.append, ["once"])
once.start()
once.join()
once.cancel()
print(fired, never.is_alive(), never.finished.is_set())
