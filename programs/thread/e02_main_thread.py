# The program itself is a thread of a process: its pid, its name, and a sleep that nothing else uses.
# catalogue: E02
# ending: finished
# outcomes: one
# python: none
import os
import threading
import time

print("enter main")
print("pid", os.getpid())
print("thread", threading.current_thread().name)
time.sleep(4)
print("leave main")
