# A fragment with a daemon and names that nobody defined: it dies before there is a thread.
# catalogue: E22
# ending: exception
# outcomes: one
import threading

t = threading.Thread(target=download, args=[url, timeout], daemon=True)
t.start()
