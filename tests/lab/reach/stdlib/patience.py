"""asyncio.wait_for gives up, and cancels.

Racy: the thread behind it works on, and is not asked.
"""

import asyncio
import threading


class Printer:
    def __init__(self):
        self.off = threading.Event()
        self.lock = threading.Lock()
        self.pages = []
        self.collected = None

    def print_page(self):
        self.off.wait()
        with self.lock:
            if self.collected is None:
                self.pages.append("late")


async def give_up(printer):
    printing = asyncio.create_task(asyncio.to_thread(printer.print_page))
    try:
        await asyncio.wait_for(printing, timeout=0.001)
    except TimeoutError:
        return printing.cancelled()
    return False


def scenario():
    async def main():
        printer = Printer()
        assert await give_up(printer)
        with printer.lock:
            printer.collected = list(printer.pages)
        printer.off.set()
        return printer

    printer = asyncio.run(main())
    assert printer.pages == printer.collected == []


def racy():
    async def main():
        printer = Printer()
        assert await give_up(printer)
        printer.off.set()
        printer.collected = list(printer.pages)
        return printer

    printer = asyncio.run(main())
    assert printer.pages == printer.collected == []


if __name__ == "__main__":
    scenario()
