import io
import threading

import structlog


def scenario():
    out = io.StringIO()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.KeyValueRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()

    def work(number):
        with structlog.contextvars.bound_contextvars(number=number):
            log.info("work")

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(out.getvalue().splitlines()) == [
        f"event='work' number={number}" for number in (1, 2)
    ]
