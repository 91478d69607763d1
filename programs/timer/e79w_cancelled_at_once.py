# A timer of 30 seconds, cancelled at once: it never calls, and the program ends long before.
# catalogue: E79w
# ending: finished
# outcomes: one; free: many
# always: cancelled\n|(ring|cancelled|\n)*
import threading


def ring():
    print("ring")


timer = threading.Timer(30.0, ring)
timer.start()
timer.cancel()
print("cancelled")
timer.join()
