import os

workers = int(os.environ.get("REACH_WORKERS", "2"))
home = os.path.expanduser("~")


def mode():
    return os.environ["REACH_MODE"]
