# What a notebook shows of the threads that are there: the value of each bare expression. A script would print nothing.
# catalogue: E01
# raddle: echo
# ending: finished
# outcomes: one
# python: none
import threading

threading.active_count()
threading.current_thread()
threading.enumerate()
threading.TIMEOUT_MAX
