"""Threads and values with names that a terminal would take for something else."""

import threading

NAMES = ["a\nb", "[bold]c[/bold]", ":smile:", "same", "same"]
NAMES += ["\x1b[31mred", "\ud800", "é" * 90]


def scenario():
    value = "[red]x[/red] :smile:"  # [bold]comment[/bold]
    threads = [threading.Thread(target=lambda: value, name=name) for name in NAMES]
    for thread in threads:
        thread.start()
    value = "[blue]y[/blue]"
    assert not value, "[link=x]message[/link]" + "\x1b[0m"
