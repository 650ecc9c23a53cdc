"""asyncio.run_coroutine_threadsafe from threads into a loop.

Racy: one teller does it himself.
"""

import asyncio
import threading


class Bank:
    def __init__(self):
        self.balance = 0

    async def deposit(self, amount):
        self.balance += amount


def send(bank, amount, loop):
    asyncio.run_coroutine_threadsafe(bank.deposit(amount), loop).result(timeout=60)


def deposit_here(bank, amount, loop):
    bank.balance += amount


def open_bank(*tellers):
    loop, bank = asyncio.new_event_loop(), Bank()
    counter = threading.Thread(target=loop.run_forever)
    counter.start()
    threads = [threading.Thread(target=teller, args=(bank, 3, loop)) for teller in tellers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loop.call_soon_threadsafe(loop.stop)
    counter.join()
    loop.close()
    assert bank.balance == 6


def scenario():
    open_bank(send, send)


def racy():
    open_bank(send, deposit_here)


if __name__ == "__main__":
    scenario()
