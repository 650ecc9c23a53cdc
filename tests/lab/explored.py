"""Scripts to explore, one for each construct: broken, and the same with what it lacks.

``SOUND`` says which; ``guard`` is a lock in the sound one and nothing in the broken one.
"""

PRELUDE = """
import contextlib
import threading

SOUND = {sound}
guard = threading.Lock() if SOUND else contextlib.nullcontext()


def together(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


"""

CONSTRUCTS = {
    "global": """
total = 0


def add():
    global total
    with guard:
        total += 1


def scenario():
    global total
    total = 0
    together(add, add)
    assert total == 2
""",
    "nonlocal": """
def scenario():
    total = 0

    def add():
        nonlocal total
        with guard:
            total += 1

    together(add, add)
    assert total == 2
""",
    "closure": """
def counter():
    total = [0]

    def add():
        with guard:
            total[0] += 1

    return add, total


def scenario():
    add, total = counter()
    together(add, add)
    assert total == [2]
""",
    "loop variable": """
def scenario():
    seen = []
    threads = []
    for number in range(2):
        late, early = lambda: seen.append(number), lambda number=number: seen.append(number)
        target = early if SOUND else late
        threads.append(threading.Thread(target=target))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0, 1]
""",
    "parameter": """
def run(stopped):
    def work():
        with guard:
            first = stopped
            assert stopped == first

    thread = threading.Thread(target=work)
    thread.start()
    with guard:
        stopped = True
    thread.join()


def scenario():
    run(False)
""",
    "bound late": """
def scenario():
    def work():
        if SOUND:
            ready.wait()
        assert value == 1

    ready = threading.Event()
    first, second = (threading.Thread(target=work) for _ in range(2))
    first.start()
    second.start()
    value = 1
    ready.set()
    first.join()
    second.join()
""",
    "unpacking": """
class Pair:
    low, high = 0, 1

    def swap(self):
        with guard:
            self.low, self.high = self.high, self.low


def scenario():
    pair = Pair()
    together(pair.swap, pair.swap)
    assert (pair.low, pair.high) == (0, 1)
""",
    "ThreadPoolExecutor": """
from concurrent.futures import ThreadPoolExecutor, wait


def scenario():
    totals = {"all": 0}

    def add(number):
        with guard:
            totals["all"] += number
        return number

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(add, number) for number in (1, 2)]
        assert list(pool.map(add, [3, 4])) == [3, 4]
    assert [future.result() for future in futures] == [1, 2]
    assert totals["all"] == 10
""",
    "queue.Queue": """
import queue


def scenario():
    jobs = queue.Queue()
    done = []

    def work():
        while SOUND or not jobs.empty():
            job = jobs.get()
            if job is None:
                break
            done.append(job)

    jobs.put("one")
    if SOUND:
        jobs.put(None)
        jobs.put(None)
    together(work, work)
    assert done == ["one"]
""",
    "Timer": """
def scenario():
    rung = []
    timer = threading.Timer(5, lambda: rung.append("ring"))
    timer.start()
    timer.cancel()
    if SOUND:
        timer.join()
    before = list(rung)
    timer.join()
    assert rung == before
""",
    "Barrier": """
def scenario():
    barrier = threading.Barrier(2 if SOUND else 1)
    written = {}

    def work(me, other):
        written[me] = True
        barrier.wait()
        assert written[other]

    together(lambda: work("a", "b"), lambda: work("b", "a"))
""",
    "generator": """
class Shared:
    n = 0

    def each(self):
        while self.n < 4:
            n = self.n
            yield n
            self.n = n + 1


def scenario():
    shared = Shared()
    seen = []

    def work():
        with guard:
            seen.extend(shared.each())

    together(work, work)
    assert seen == [0, 1, 2, 3]
""",
    "generator in two threads": """
class Numbers:
    last = 0


def count(numbers):
    while True:
        numbers.last += 1
        yield numbers.last


def scenario():
    numbers = count(Numbers())

    def work():
        with guard:
            next(numbers)

    together(work, work)
    assert next(numbers) == 3
""",
    "yield from, send": """
class Box:
    value = 0


def inner(box):
    while True:
        step = yield box.value
        box.value += step


def outer(box):
    yield from inner(box)


def scenario():
    box = Box()

    def work():
        with guard:
            sums = outer(box)
            next(sums)
            sums.send(2)

    together(work, work)
    assert box.value == 4
""",
    "context manager": """
@contextlib.contextmanager
def entered(room):
    with guard:
        room["in"] += 1
        yield room["in"]
        room["in"] -= 1


def scenario():
    room = {"in": 0}

    def visit():
        with entered(room) as people:
            assert people == 1

    together(visit, visit)
""",
    "__enter__ and __exit__": """
class Entered:
    inside = 0

    def __enter__(self):
        guard.__enter__()
        self.inside += 1
        return self.inside

    def __exit__(self, *raised):
        self.inside -= 1
        guard.__exit__(*raised)


def scenario():
    room = Entered()

    def visit():
        with room as people:
            assert people == 1

    together(visit, visit)
""",
    "with a, b": """
def scenario():
    total = [0]
    left, right = threading.Lock(), threading.Lock()

    def one():
        with left, right:
            total[0] += 1

    def other():
        with left if SOUND else right, right if SOUND else left:
            total[0] += 1

    together(one, other)
    assert total == [2]
""",
    "dataclass": """
from dataclasses import dataclass, field, replace


@dataclass
class Account:
    balance: int = 0
    log: list = field(default_factory=list)

    def deposit(self, amount):
        with guard:
            self.balance += amount
            self.log.append(amount)


def scenario():
    account = replace(Account(), balance=1)
    together(lambda: account.deposit(2), lambda: account.deposit(3))
    assert account.balance == 6
""",
    "dataclass with slots": """
from dataclasses import dataclass


@dataclass(slots=True)
class Account:
    balance: int = 0

    def deposit(self, amount):
        with guard:
            self.balance += amount


def scenario():
    account = Account()
    together(lambda: account.deposit(2), lambda: account.deposit(3))
    assert account.balance == 5
""",
    "inheritance": """
class Base:
    def __init__(self):
        self.total = 0

    def add(self, amount):
        self.total += amount


class Child(Base):
    def __init__(self):
        super().__init__()
        self.times = 0

    def add(self, amount):
        with guard:
            super().add(amount)
            self.times += 1


def scenario():
    child = Child()
    together(lambda: child.add(1), lambda: child.add(1))
    assert (child.total, child.times) == (2, 2)
""",
    "subclass of Thread": """
class Adder(threading.Thread):
    totals = [0]

    def __init__(self, amount):
        super().__init__(name=f"adds {amount}")
        self.amount = amount

    def run(self):
        with guard:
            self.totals[0] += self.amount


def scenario():
    Adder.totals = [0]
    adders = [Adder(1), Adder(2)]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()
    assert Adder.totals == [3]
""",
    "comprehension": """
def scenario():
    numbers = [0, 0]

    def shift():
        with guard:
            numbers[:] = [number + 1 for number in numbers]

    together(shift, shift)
    assert numbers == [2, 2]
""",
    "comprehension's items": """
class Item:
    def __init__(self):
        self.price = 1


def scenario():
    items = [Item(), Item()]

    def total():
        with guard:
            assert sum(item.price for item in items) % 2 == 0
            assert {item.price for item in items}
            assert len({item.price: 0 for item in items}) == 1

    def rise():
        with guard:
            for item in items:
                item.price = 2

    together(total, rise)
""",
    "lambda": """
class Box:
    value = 0


def scenario():
    box = Box()
    add = lambda: setattr(box, "value", box.value + 1)

    def work():
        with guard:
            add()

    together(work, work)
    assert box.value == 2
""",
    "property": """
class Account:
    def __init__(self):
        self._balance = 0

    @property
    def balance(self):
        return self._balance

    @balance.setter
    def balance(self, value):
        self._balance = value


def scenario():
    account = Account()

    def work():
        with guard:
            account.balance += 1

    together(work, work)
    assert account.balance == 2
""",
    "__slots__": """
class Point:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 0


def scenario():
    point = Point()

    def work():
        with guard:
            point.x += 1

    together(work, work)
    assert point.x == 2
""",
    "class attribute": """
class Ticket:
    sold = 0

    @classmethod
    def sell(cls):
        with guard:
            cls.sold += 1


def scenario():
    Ticket.sold = 0
    together(Ticket.sell, Ticket.sell)
    assert Ticket.sold == 2
""",
    "try and finally": """
def scenario():
    state = {"busy": False}

    def work():
        with guard:
            assert not state["busy"]
            try:
                state["busy"] = True
                raise LookupError
            except LookupError:
                pass
            finally:
                state["busy"] = False

    together(work, work)
""",
    "except group": """
def scenario():
    state = {"busy": 0}

    def work():
        with guard:
            try:
                raise ExceptionGroup("all", [ValueError(1), KeyError(2)])
            except* ValueError:
                state["busy"] += 1
            except* KeyError:
                pass

    together(work, work)
    assert state["busy"] == 2
""",
    "match": """
class Job:
    __match_args__ = ("state",)

    def __init__(self):
        self.state = "new"
        self.runs = 0


def scenario():
    job = Job()

    def work():
        with guard:
            match job:
                case Job("new") if job.runs < 5:
                    job.runs += 1
                    job.state = "done"
                case Job("done"):
                    pass

    together(work, work)
    assert job.runs == 1
""",
    "f-string": """
class Name:
    first, last = "A", "A"


def scenario():
    name = Name()

    def read():
        with guard:
            assert f"{name.first}{name.last!r:>4}" in ("A 'A'", "B 'B'")

    def write():
        with guard:
            name.first = "B"
            name.last = "B"

    together(read, write)
""",
    "walrus": """
def scenario():
    stock = [1]

    def take():
        with guard:
            if (left := len(stock)) > 0:
                assert stock.pop() == left

    together(take, take)
""",
    "walrus of a global": """
last = 0


def add():
    global last
    with guard:
        print(last := last + 1)


def scenario():
    global last
    last = 0
    together(add, add)
    assert last == 2
""",
    "decorator": """
import functools


def once(function):
    results = []

    @functools.wraps(function)
    def wrapped():
        with guard:
            if not results:
                results.append(function())
            return results[0]

    return wrapped


def scenario():
    made = []

    @once
    def make():
        made.append(1)
        return len(made)

    together(make, make)
    assert made == [1]
""",
    "local": """
def scenario():
    place = threading.local() if SOUND else type("Place", (), {})()

    def work(number):
        place.number = number
        assert place.number == number

    together(lambda: work(1), lambda: work(2))
""",
    "Event": """
def scenario():
    ready = threading.Event()
    box = {}

    def give():
        box["value"] = 1
        ready.set()

    def take():
        ready.wait(None if SOUND else 0)
        assert box["value"] == 1

    together(give, take)
""",
    "Semaphore": """
def scenario():
    places = threading.Semaphore(1 if SOUND else 2)
    box = [0]

    def work():
        with places:
            box[0] += 1

    together(work, work)
    assert box == [2]
""",
    "Condition": """
def scenario():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            while not box:
                condition.wait()
            box.pop()

    def give():
        with condition:
            box.append(1)
            condition.notify_all() if SOUND else None

    together(take, give)
""",
    "Condition.wait_for": """
def scenario():
    condition = threading.Condition()
    box = []

    def take():
        with condition:
            if SOUND:
                condition.wait_for(lambda: box)
            else:
                condition.wait()
            box.pop()

    def give():
        with condition:
            box.append(1)
            condition.notify_all()

    together(take, give)
""",
    "RLock": """
def scenario():
    lock = threading.RLock() if SOUND else threading.Lock()

    def outer():
        with lock:
            inner()

    def inner():
        with lock:
            pass

    together(outer, inner)
""",
    "iteration": """
def scenario():
    numbers = {1: 1, 2: 2}

    def total():
        with guard:
            for number in numbers:
                numbers[number]

    def put():
        with guard:
            numbers[3] = 3

    together(total, put)
""",
    "functools.partial": """
import functools, operator


def scenario():
    box = [0]

    def add(amount):
        with guard:
            box[0] = operator.add(box[0], amount)

    together(functools.partial(add, 1), functools.partial(add, 2))
    assert box == [3]
""",
    "deque": """
from collections import deque


def scenario():
    items = deque([1])

    def take():
        with guard:
            if items:
                items.popleft()

    together(take, take)
""",
    "setdefault": """
from collections import defaultdict


def scenario():
    counts = defaultdict(int)

    def count():
        with guard:
            counts["x"] += 1

    together(count, count)
    assert counts == {"x": 2}
""",
    "daemon": """
def scenario():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True)
    thread.start()
    if SOUND:
        stop.set()
        thread.join()
""",
    "locks in one expression": """
def scenario():
    left, right = threading.Lock(), threading.Lock()

    def take(first, second):
        assert first.acquire() and second.acquire()
        second.release()
        first.release()

    together(lambda: take(left, right), lambda: take(left, right) if SOUND else take(right, left))
""",
    "get twice": """
import queue


def scenario():
    numbers = queue.Queue()
    for number in (0, 0, 1, 1):
        numbers.put(number)

    def two():
        with guard:
            one, other = [numbers.get() for _ in range(2)]
            assert one == other

    together(two, two)
""",
    "future": """
from concurrent.futures import ThreadPoolExecutor


def scenario():
    done = []

    def work():
        done.append(1)
        return 7

    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    if SOUND:
        assert future.result() == 7
    assert done == [1]
    pool.shutdown()
""",
    "as_completed": """
from concurrent.futures import ThreadPoolExecutor, as_completed


def scenario():
    def work(number):
        with guard:
            pass
        return number

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(work, number) for number in range(2)]
        if SOUND:
            results = [future.result() for future in futures]
        else:
            results = [future.result() for future in as_completed(futures)]
    assert results == [0, 1]
""",
    "a result in time": """
from concurrent.futures import ThreadPoolExecutor


def scenario():
    def work():
        return 7

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result(timeout=None if SOUND else 5) == 7
""",
    "LifoQueue": """
import queue


def scenario():
    jobs = queue.LifoQueue()
    taken = []

    def put():
        jobs.put(1)
        jobs.put(2)

    def take():
        for _ in range(2):
            taken.append(jobs.get())

    if SOUND:
        put()
        take()
    else:
        together(put, take)
    assert taken == [2, 1]
""",
    "PriorityQueue with one place": """
import queue


def scenario():
    jobs = queue.PriorityQueue(1)
    taken = []

    def put():
        jobs.put(1, block=SOUND)
        jobs.put(0, block=SOUND)

    def take():
        for _ in range(2):
            taken.append(jobs.get())

    together(put, take)
    assert taken == [1, 0]
""",
    "SimpleQueue": """
import queue


def scenario():
    jobs = queue.SimpleQueue()
    taken = []

    def take():
        taken.append(jobs.get(block=SOUND))

    together(take, lambda: jobs.put(1))
    assert taken == [1]
""",
    "queue.join": """
import queue


def scenario():
    jobs = queue.Queue()
    box = {}

    def work():
        job = jobs.get()
        if not SOUND:
            jobs.task_done()
        box["done"] = job
        if SOUND:
            jobs.task_done()

    thread = threading.Thread(target=work)
    thread.start()
    jobs.put(3)
    jobs.join()
    assert box["done"] == 3
    thread.join()
""",
    "unpacked globals": """
low, high = 0, 1


def swap():
    global low, high
    with guard:
        low, high = high, low


def scenario():
    global low, high
    low, high = 0, 1
    together(swap, swap)
    assert (low, high) == (0, 1)
""",
    "method of what was read": """
class Numbers:
    last = 0


def scenario():
    numbers, log = Numbers(), []

    def write():
        with guard:
            numbers.last += 1
            log.append(numbers.last)

    together(write, write)
    assert log == [1, 2]
""",
    "sibling": """
import beside


def scenario():
    beside.total = 0

    def work():
        with guard:
            beside.add()

    together(work, work)
    assert beside.total == 2
""",
}
