print("explodes starts")
raise ValueError("at import time")
