"""threading.Barrier between the generations of a game of life on a ring. Racy: one barrier less."""

from threading import Barrier, Thread

SEED = [0, 1, 1, 0]


def evolve(barriers):
    cells = list(SEED)
    met = Barrier(len(cells))

    def live(place):
        for _ in range(2):
            alive = cells[place - 1] ^ cells[(place + 1) % len(cells)]
            if barriers == 2:
                met.wait()
            cells[place] = alive
            met.wait()

    threads = [Thread(target=live, args=(place,)) for place in range(len(cells))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return cells


def scenario():
    assert evolve(barriers=2) == [0, 0, 0, 0]


def racy():
    assert evolve(barriers=1) == [0, 0, 0, 0]


if __name__ == "__main__":
    scenario()
