import io
import threading

from rich.console import Console
from rich.live import Live


def scenario():
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    live = Live("begin", console=console, refresh_per_second=10)
    live.start()
    threads = [threading.Thread(target=live.update, args=(text,)) for text in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stops = [threading.Thread(target=live.stop) for _ in range(2)]
    for thread in stops:
        thread.start()
    for thread in stops:
        thread.join()
