import sys
import tool


def run():
    print("running", __name__)
    print(tool.work(3), tool.ran_as_main)
    print(sys.modules["__main__"].run is run, sys.modules["tool"] is tool)


class Thing:
    pass


print(Thing.__module__, run.__module__, tool.Thing.__module__)

if __name__ == "__main__":
    run()
