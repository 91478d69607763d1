# An object is shared before it is complete: the reader may find it without its field.
# raddle: seed=0
# ending: thread-exception
# outcomes: many
# outcome too-early: seed=0 stdout=""
# outcome in-time: seed=9 ending=finished stdout="settings.ini\n"
import threading


class Config:
    current = None

    def __init__(self):
        Config.current = self
        self.path = "settings.ini"


def read():
    config = Config.current
    if config is not None:
        print(config.path)


maker = threading.Thread(target=Config, name="maker")
reader = threading.Thread(target=read, name="reader")
maker.start()
reader.start()
maker.join()
reader.join()
