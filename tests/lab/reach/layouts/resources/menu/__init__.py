import json
from importlib import resources

cache = {}


def dish(name):
    if "dishes" not in cache:
        cache["dishes"] = {}
        text = resources.files(__name__).joinpath("data", "dishes.json").read_text("utf-8")
        cache["dishes"].update(json.loads(text))
    return cache["dishes"][name]
