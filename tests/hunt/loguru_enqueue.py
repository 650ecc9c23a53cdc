import threading

from loguru import logger


def scenario():
    lines = []
    logger.remove()
    logger.add(lines.append, format="{message}", enqueue=True)
    threads = [threading.Thread(target=logger.info, args=("one",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.complete()
    assert lines == ["one\n", "one\n"]
    logger.remove()
