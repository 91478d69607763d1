# The clock starts where it is told to, in UTC, and sleeps move it.
# raddle: start-time=2019-01-01T19:35:46
# ending: finished
# outcomes: one
# python: none
import time

print(time.strftime("%H:%M:%S"))
time.sleep(3 * 3600 + 0.5)
print(time.strftime("%A %d %B %Y, %H:%M", time.gmtime()))
print(int(time.time()), time.time_ns() // 10**9)
time.sleep(3600 * 24 * 59)
now = time.localtime()
print(now.tm_year, now.tm_mon, now.tm_mday, now.tm_yday, now.tm_wday)
