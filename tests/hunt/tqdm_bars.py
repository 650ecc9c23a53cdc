import io
import threading

from tqdm import tqdm
from tqdm.contrib.concurrent import thread_map


def scenario():
    out = io.StringIO()
    with tqdm(total=2, file=out, mininterval=0) as bar:
        threads = [threading.Thread(target=bar.update) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert thread_map(abs, [-1, -2], file=out, max_workers=2) == [1, 2]
    if tqdm.monitor is not None:
        tqdm.monitor.exit()
