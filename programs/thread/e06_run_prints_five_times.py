# A thread prints five lines while main leaves: the last line of main may come anywhere among them, or be torn by them.
# catalogue: E06
# raddle: switch=sync
# ending: finished
# outcomes: characters
# always: (?s)enter main\n.*leave main.*
# outcome main-second: seed=0
# outcome torn: seed=22
# outcome a-line-before-main: seed=4602
# outcome main-last: find stdout="enter main\npid 1000 thread Thread-1 (run)\npid 1000 thread Thread-1 (run)\npid 1000 thread Thread-1 (run)\npid 1000 thread Thread-1 (run)\npid 1000 thread Thread-1 (run)\nleave main\n"
import os
import threading


def run():
    for _ in range(5):
        print("pid", os.getpid(), "thread", threading.current_thread().name)


print("enter main")
threading.Thread(target=run).start()
print("leave main")
