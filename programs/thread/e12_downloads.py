# Three downloads of random length put their names into one list under a lock: it has them in the order of arrival.
# catalogue: E12
# raddle: switch=sync
# ending: finished
# outcomes: many
# always: (?s)(.*begins.*){3}\['file_\d', 'file_\d', 'file_\d'\]\n
# outcome second-third-first: seed=1001
# outcome as-started: seed=403
# outcome third-second-first: seed=2099
# outcome main-waits-first: seed=2
import random
import threading
import time
from typing import List


def download(url: str, done: List[str], lock: threading.Lock) -> None:
    print(f"{threading.current_thread().name} begins")
    time.sleep(random.randint(1, 5))
    name = url.split("/")[-1]
    with lock:
        done.append(name)
    print(f"{threading.current_thread().name} has {name}")


def main() -> None:
    urls = ["http://host/file_1", "http://host/file_2", "http://host/file_3"]
    done: List[str] = []
    lock = threading.Lock()
    threads: List[threading.Thread] = []
    for number, url in enumerate(urls, 1):
        kwargs = {"url": url, "done": done, "lock": lock}
        t = threading.Thread(target=download, kwargs=kwargs, name=f"download-{number}")
        threads.append(t)
        t.start()
    print("main waits")
    for t in threads:
        t.join()
    print(done)


if __name__ == "__main__":
    main()
