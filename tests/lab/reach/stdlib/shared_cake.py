"""threading.Barrier: who comes last adds up for all.

Racy: nobody waits until that is done.
"""

from threading import Barrier, Thread

PARTIES = 3


def share(cake, careful):
    met, parts, total, shares = Barrier(PARTIES), [0] * PARTIES, [], {}

    def bake_and_eat(place):
        parts[place] = cake * (place + 1)
        if met.wait() == PARTIES - 1:
            total.append(sum(parts))
        if careful:
            met.wait(timeout=60)
        shares[place] = parts[place] / total[0]

    threads = [Thread(target=bake_and_eat, args=(place,)) for place in range(PARTIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == [60]
    assert not met.broken
    assert abs(sum(shares.values()) - 1) < 1e-9


def scenario():
    share(10, careful=True)


def racy():
    share(10, careful=False)


if __name__ == "__main__":
    scenario()
