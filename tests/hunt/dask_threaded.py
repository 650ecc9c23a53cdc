from concurrent.futures import ThreadPoolExecutor

from dask.threaded import get


def scenario():
    graph = {"a": 1, "b": (abs, -2), "c": (sum, ["a", "b"])}
    with ThreadPoolExecutor(2) as pool:
        assert get(graph, "c", pool=pool) == 3
