# A spurious wakeup breaks an `if`: the consumer goes on though nothing was put. A `while` would not.
# raddle: switch=sync spurious=1 seed=2
# ending: thread-exception
# outcomes: named
# outcome spurious: seed=2 stdout=""
# outcome real: seed=1 ending=finished stdout="got bread\n"
import threading

cond = threading.Condition()
items = []


def consume():
    with cond:
        if not items:
            cond.wait()
        print("got", items.pop())


def produce():
    with cond:
        items.append("bread")
        cond.notify()


consumer = threading.Thread(target=consume, name="consumer")
producer = threading.Thread(target=produce, name="producer")
consumer.start()
producer.start()
producer.join()
consumer.join()
