"""click: a command that starts threads.

Racy: what it prints at its end is counted bare.
"""

import threading
from contextlib import nullcontext

import click
from click.testing import CliRunner


@click.command()
@click.option("--workers", type=click.IntRange(1, 8), default=2)
@click.option("--lock/--no-lock", default=True)
@click.argument("amount", type=int)
def main(workers, lock, amount):
    """Adds AMOUNT in each worker."""
    guard = threading.Lock() if lock else nullcontext()
    total = 0

    def add():
        nonlocal total
        with guard:
            total += amount

    threads = [threading.Thread(target=add) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    click.echo(f"total {total}")


def run(*arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert result.output == "total 10\n"


def scenario():
    run("5", "--workers=2")


def racy():
    run("5", "--no-lock")


if __name__ == "__main__":
    scenario()
