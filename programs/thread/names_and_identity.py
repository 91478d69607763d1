# Threads have names: given, counted up by default, changed before the start.
# ending: finished
# outcomes: one
import threading


def greet():
    me = threading.current_thread()
    print(f"{me.name} {me.daemon} {me is threading.main_thread()}")


greet()
given = threading.Thread(target=greet, name="printer")
counted = threading.Thread(target=greet)
renamed = threading.Thread(target=greet)
renamed.name = "late name"
lambda_thread = threading.Thread(target=lambda: greet(), daemon=True)
for t in (given, counted, renamed, lambda_thread):
    print(f"{t.name} {t.ident} {t.is_alive()}")
    t.start()
    t.join()
    print(f"{t.is_alive()} {t.ident is not None}")
print(threading.active_count(), [t.name for t in threading.enumerate()])
