# A pipe carries numbers to a child and their squares back; closing the parent's end is what ends the child.
# catalogue: E92
# ending: finished
# outcomes: one
import multiprocessing


def square(connection, other):
    # A forked child has the other end open as well, and would never see the end of the pipe.
    other.close()
    try:
        while True:
            n = connection.recv()
            if n == 10:
                print("child received", n)
            connection.send(n * n)
    except EOFError:
        print("pipe closed")


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=square, args=(there, here))
    child.start()
    there.close()
    results = []
    for n in range(1, 11):
        here.send(n)
        results.append(here.recv())
    here.close()
    child.join()
    print(results)
