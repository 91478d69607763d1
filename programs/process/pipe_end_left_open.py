# The child has inherited the parent's end of the pipe and does not close it: it never sees the end, and both wait for ever.
# ending: deadlock
# outcomes: one
import multiprocessing


def read(connection):
    try:
        while True:
            print(connection.recv())
    except EOFError:
        print("done")


if __name__ == "__main__":
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=read, args=(reader,))
    child.start()
    writer.send("hello")
    writer.close()
    child.join()
