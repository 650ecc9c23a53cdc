import threading

import ldclient
from ldclient import Context
from ldclient.config import Config
from ldclient.integrations.test_data import TestData


def scenario():
    data = TestData.data_source()
    data.update(data.flag("new").variation_for_all(True))
    config = Config("key", update_processor_class=data, send_events=False, diagnostic_opt_out=True)
    client = ldclient.LDClient(config, start_wait=5)
    user = Context.create("user")
    seen = []
    client.flag_tracker.add_listener(lambda change: seen.append(change.key))
    threads = [
        threading.Thread(target=lambda: client.variation("new", user, False)),
        threading.Thread(target=lambda: data.update(data.flag("new").variation_for_all(False))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.variation("new", user, True) is False
    client.close()
