# daemon=True in the constructor sets the attribute; without it a thread is what its maker is.
# catalogue: E23w
# raddle: switch=sync
# ending: finished
# outcomes: one
import threading


def inherited():
    print("made by a daemon:", threading.Thread().daemon)


t = threading.Thread(target=inherited, daemon=True)
print("made with daemon=True:", t.daemon)
print("made by main:", threading.Thread().daemon)
t.start()
t.join()
