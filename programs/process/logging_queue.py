# Log records of a child travel through a queue to a listener in the parent, which knows where they come from.
# ending: finished
# outcomes: one
import logging
import logging.handlers
import multiprocessing
import sys


def work(queue):
    log = logging.getLogger("child")
    log.propagate = False
    log.addHandler(logging.handlers.QueueHandler(queue))
    log.warning("working on %d", 3)
    try:
        raise ValueError("no")
    except ValueError:
        log.error("failed")


if __name__ == "__main__":
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(processName)s %(threadName)s %(levelname)s %(message)s"))
    queue = multiprocessing.Queue()
    listener = logging.handlers.QueueListener(queue, handler)
    listener.start()
    child = multiprocessing.Process(target=work, args=(queue,))
    child.start()
    child.join()
    listener.stop()
