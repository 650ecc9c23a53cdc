"""Two threads have a bar each, which are to stand one below the other."""

import io
import threading

from tqdm import tqdm


def scenario():
    tqdm.monitor_interval = 0
    bars = []

    def work():
        bars.append(tqdm(total=2, file=io.StringIO()))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({bar.pos for bar in bars}) == 2
