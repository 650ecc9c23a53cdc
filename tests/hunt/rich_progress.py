import io
import threading

from rich.console import Console
from rich.progress import Progress


def scenario():
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with Progress(console=console, refresh_per_second=10) as progress:
        task = progress.add_task("work", total=2)
        threads = [threading.Thread(target=progress.advance, args=(task,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        progress.console.print("half")
        for thread in threads:
            thread.join()
    assert progress.finished
