"""queue.PriorityQueue and LifoQueue with bounds.

Racy: who sees that it is not empty, waits.
"""

import queue
import threading


def treat(next_patient):
    waiting, treated = queue.PriorityQueue(), queue.LifoQueue(maxsize=4)
    for urgency, name in [(3, "cough"), (1, "heart"), (2, "arm")]:
        waiting.put((urgency, name))

    def doctor():
        while (patient := next_patient(waiting)) is not None:
            treated.put(patient[1], timeout=60)

    doctors = [threading.Thread(target=doctor) for _ in range(2)]
    for each in doctors:
        each.start()
    for each in doctors:
        each.join()
    assert sorted(treated.get() for _ in range(treated.qsize())) == ["arm", "cough", "heart"]


def at_once(waiting):
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return None


def looking_first(waiting):
    return waiting.get() if not waiting.empty() else None


def scenario():
    treat(at_once)


def racy():
    treat(looking_first)


if __name__ == "__main__":
    scenario()
