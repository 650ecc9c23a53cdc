"""configparser, argparse, string, os.environ; made at first use.

Racy: two make their own.
"""

import argparse
import configparser
import os
import string
import threading

TEXT = """
[server]
port = 8080
name = $host
"""

settings = None
lock = threading.Lock()


class Settings:
    def __init__(self):
        parser = configparser.ConfigParser()
        name = os.environ.get("NO_SUCH_VARIABLE", "here")
        parser.read_string(string.Template(TEXT).substitute(host=name))
        options = argparse.ArgumentParser(prog="server")
        options.add_argument("--port", type=int, default=parser.getint("server", "port"))
        self.port = options.parse_args([]).port
        self.name = parser["server"]["name"]


def get():
    global settings
    if settings is None:
        settings = Settings()
    return settings


def get_alone():
    with lock:
        return get()


def start(get):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (seen[0].port, seen[0].name) == (8080, "here")
    assert seen[0] is seen[1]


def scenario():
    start(get_alone)


def racy():
    start(get)


if __name__ == "__main__":
    scenario()
