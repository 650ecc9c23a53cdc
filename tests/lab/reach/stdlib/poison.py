"""queue.SimpleQueue, whose end is passed on by each worker.

Racy: the sum of all is shared.
"""

import queue
import threading

END = object()


def add_up(numbers, keep):
    jobs, sums = queue.SimpleQueue(), []
    total = {"sum": 0}

    def work():
        mine = 0
        while (job := jobs.get()) is not END:
            mine += job
        jobs.put(END)
        keep(total, sums, mine)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in numbers:
        jobs.put(number)
    jobs.put(END)
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return total["sum"] + sum(sums)


def in_a_list(total, sums, mine):
    sums.append(mine)


def in_one_place(total, sums, mine):
    total["sum"] += mine


def scenario():
    assert add_up(range(4), in_a_list) == 6


def racy():
    assert add_up(range(1, 4), in_one_place) == 6


if __name__ == "__main__":
    scenario()
