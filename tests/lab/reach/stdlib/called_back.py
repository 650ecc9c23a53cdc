"""Future.add_done_callback: a receipt is printed.

Racy: whoever has the result may be first.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor


def bake(cake):
    return f"{cake} cake"


def scenario():
    receipts, printed = [], threading.Event()

    def receipt(order):
        receipts.append(order.result())
        printed.set()

    with ThreadPoolExecutor(1) as kitchen:
        order = kitchen.submit(bake, "lemon")
        order.add_done_callback(receipt)
        assert order.result() == "lemon cake"
        printed.wait()
        assert receipts == ["lemon cake"]


def racy():
    receipts = []
    order: Future[str] = Future()
    order.add_done_callback(lambda done: receipts.append(done.result()))
    baker = threading.Thread(target=lambda: order.set_result(bake("lemon")))
    baker.start()
    order.result()
    assert receipts == ["lemon cake"]
    baker.join()


if __name__ == "__main__":
    scenario()
