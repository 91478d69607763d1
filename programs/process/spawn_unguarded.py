# Without `if __name__ == "__main__"` a spawned process tries to start another one while it loads the program, and fails.
# ending: thread-exception
# outcomes: one
import multiprocessing


def work():
    print("never")


multiprocessing.set_start_method("spawn", force=True)
child = multiprocessing.Process(target=work)
child.start()
child.join()
print(child.exitcode)
