"""Two threads log, to a sink that logs what it cannot write."""

import threading

from loguru import logger


def scenario():
    logger.remove()
    written = []

    def sink(message):
        written.append(message)
        if "too long" in message:
            logger.warning("left out")

    logger.add(sink, format="{message}")
    threads = [threading.Thread(target=logger.info, args=(said,)) for said in ("hi", "too long")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logger.remove()
    assert len(written) >= 2
