# sys.exit in a thread ends that thread, silently; in main it sets the exit status.
# ending: exit
# outcomes: one
import sys
import threading


def leave():
    print("thread leaves")
    sys.exit(7)


t = threading.Thread(target=leave)
t.start()
t.join()
print("main leaves")
sys.exit(3)
