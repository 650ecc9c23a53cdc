"""concurrent.futures: as_completed over a pool.

Racy: the workers add to one sum themselves.
"""

from concurrent.futures import ThreadPoolExecutor, as_completed

SIZES = {"beach.png": 300, "dog.png": 200, "tree.png": 100}
DONE = {"bytes": 0}


def shrink(name):
    return SIZES[name] // 10


def shrink_and_count(name):
    size = shrink(name)
    DONE["bytes"] += size
    return size


def scenario():
    total = 0
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="shrink") as pool:
        jobs = {pool.submit(shrink, name): name for name in SIZES}
        for job in as_completed(jobs, timeout=60):
            assert job.result() == SIZES[jobs[job]] // 10
            total += job.result()
    assert total == 60


def racy():
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shrink_and_count, SIZES)) == [10, 20, 30]
    assert DONE["bytes"] == 60


if __name__ == "__main__":
    scenario()
