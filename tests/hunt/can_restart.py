import can


def scenario():
    with (
        can.ThreadSafeBus("shop", interface="virtual") as one,
        can.Bus("shop", interface="virtual") as two,
    ):
        task = one.send_periodic(can.Message(arbitration_id=1), 0.1)
        assert two.recv(1) is not None
        task.stop()
        task.start()
        while two.recv(0) is not None:
            pass
        assert two.recv(10) is not None, "nothing is sent, though it was started"
        task.stop()
        task.thread.join()
