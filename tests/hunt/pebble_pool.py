from pebble import ThreadPool


def scenario():
    with ThreadPool(max_workers=2) as pool:
        futures = [pool.schedule(abs, args=(-n,)) for n in (1, 2)]
        assert [future.result() for future in futures] == [1, 2]
        pool.close()
        pool.join()
