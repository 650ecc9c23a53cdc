import threading

from kazoo.handlers.threading import SequentialThreadingHandler


def scenario():
    handler = SequentialThreadingHandler()
    handler.start()
    result = handler.async_result()
    got = []
    result.rawlink(lambda result: got.append(result.get()))
    setter = threading.Thread(target=result.set, args=(1,))
    setter.start()
    assert result.get(timeout=60) == 1
    setter.join()
    handler.stop()
    assert got == [1]
