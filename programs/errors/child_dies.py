# A thread dies of an exception: a traceback on stderr, and exit status 0 all the same.
# ending: thread-exception
# outcomes: one
import threading


def parse(text):
    return int(text)


def work(lines):
    for line in lines:
        print(parse(line))


t = threading.Thread(target=work, args=(["1", "two", "3"],), name="parser")
t.start()
t.join()
print("main goes on")
