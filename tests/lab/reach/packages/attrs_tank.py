"""attrs: classes with slots, factories and validators.

Racy: a level is checked, then lowered.
"""

import threading

import attrs


@attrs.define
class Tank:
    level: int = attrs.field(validator=attrs.validators.ge(0))
    lock: threading.Lock = attrs.field(factory=threading.Lock, repr=False, eq=False)

    def draw(self, amount: int) -> bool:
        with self.lock:
            return self.draw_alone(amount)

    def draw_alone(self, amount: int) -> bool:
        if self.level < amount:
            return False
        self.level -= amount
        return True


def share(tank, draw):
    got = []
    threads = [threading.Thread(target=lambda: got.append(draw(7))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, True]
    assert attrs.asdict(tank, filter=attrs.filters.include("level")) == {"level": 3}
    assert attrs.evolve(tank, level=1) == Tank(1)


def scenario():
    tank = Tank(10)
    share(tank, tank.draw)


def racy():
    tank = Tank(10)
    share(tank, tank.draw_alone)


if __name__ == "__main__":
    scenario()
