import threading

import can


def scenario():
    with can.Bus("shop", interface="virtual") as one, can.Bus("shop", interface="virtual") as two:
        reader = can.BufferedReader()
        notifier = can.Notifier(two, [reader], timeout=0.1)
        threads = [
            threading.Thread(target=one.send, args=(can.Message(arbitration_id=number),))
            for number in (1, 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        got = [reader.get_message(timeout=1).arbitration_id for _ in range(2)]
        notifier.stop()
        assert sorted(got) == [1, 2]
