# A fragment taken out of its function, indentation and all: Python refuses it.
# catalogue: E86
# ending: refused
# outcomes: one
    file = None
    try:
        file = open("test.txt")
    except Exception as e:
        print(e)
    finally:
        if file is not None:
            file.close()
