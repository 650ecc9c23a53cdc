"""sysconfig.get_config_var: two threads are the first to ask."""

import sysconfig
import threading


def scenario():
    sysconfig._CONFIG_VARS = None

    def ask():
        assert sysconfig.get_config_var("srcdir") is not None

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
