# A callback runs in the worker when the task is done, or at once in the thread that registers it too late for that.
# catalogue: E38w
# raddle: switch=sync
# ending: finished
# outcomes: named
# outcome in-the-worker: seed=0 stdout="result: 4.5 in worker_0\n"
# outcome in-main: seed=18 stdout="result: 4.5 in MainThread\n"
import threading
from concurrent.futures import ThreadPoolExecutor


def divide(a, b):
    return a / b


def show(future):
    print(f"result: {future.result()} in {threading.current_thread().name}")


with ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker") as executor:
    future = executor.submit(divide, 9, 2)
    future.add_done_callback(show)
