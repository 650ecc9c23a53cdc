"""asyncio.run_coroutine_threadsafe from threads into a loop. Racy: a sum is kept across an await."""

import asyncio
import threading


class Bank:
    def __init__(self):
        self.balance = 0

    async def deposit(self, amount):
        self.balance += amount

    async def deposit_slowly(self, amount):
        balance = self.balance
        await asyncio.sleep(0)
        self.balance = balance + amount


def teller(loop, deposit):
    for amount in (1, 2):
        asyncio.run_coroutine_threadsafe(deposit(amount), loop).result(timeout=60)


def open_bank(bank, deposit):
    loop = asyncio.new_event_loop()
    counter = threading.Thread(target=loop.run_forever)
    counter.start()
    tellers = [threading.Thread(target=teller, args=(loop, deposit)) for _ in range(2)]
    for each in tellers:
        each.start()
    for each in tellers:
        each.join()
    loop.call_soon_threadsafe(loop.stop)
    counter.join()
    loop.close()
    assert bank.balance == 6


def scenario():
    bank = Bank()
    open_bank(bank, bank.deposit)


def racy():
    bank = Bank()
    open_bank(bank, bank.deposit_slowly)


if __name__ == "__main__":
    scenario()
