import threading

from loguru import logger


def scenario():
    lines = []
    logger.remove()
    logger.add(lines.append, format="{message}")

    def log():
        logger.bind(a=1).info("one")

    def change():
        other = logger.add(lambda message: None, level="DEBUG")
        logger.info("two")
        logger.remove(other)

    threads = [threading.Thread(target=target) for target in (log, log, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.complete()
    logger.remove()
    assert sorted(lines) == ["one\n", "one\n", "two\n"]
