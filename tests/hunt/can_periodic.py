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
        assert two.recv(1) is not None
        one.stop_all_periodic_tasks()
