"""Clocks, dates and time zones of the simulated world."""

import datetime
import decimal
import fractions
import itertools
import math
import pickle
import sys
import threading
import time
import warnings
import zoneinfo

import pytest

from tests.lab.simulating import simulate, simulation
from threadlab.errors import CannotSimulate
from threadlab.simulation.kernel import Kernel
from threadlab.simulation.modules import _thread as fake_thread
from threadlab.simulation.modules import time as fake_time
from threadlab.simulation.project import Project
from threadlab.simulation.simulation import Simulation

BEGINNING = datetime.datetime(2001, 9, 9, 1, 46, 40)
DAY = datetime.timedelta(days=1)


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/New_York"])
def zone(request, monkeypatch):
    """The time zone of the machine."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield zoneinfo.ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_all_clocks_are_the_one_virtual_clock(tmp_path, zone):
    before, after = simulate(
        tmp_path,
        """
        import calendar
        import datetime
        import threading
        import time
        import timeit

        def look():
            now = datetime.datetime.now
            utc = now(datetime.timezone.utc)
            return (
                [now(), datetime.datetime.today(), utc.replace(tzinfo=None)],
                datetime.date.today(),
                [time.time(), time.mktime(time.localtime()), now().timestamp(), utc.timestamp()],
                [calendar.timegm(time.gmtime()), time.clock_gettime(time.CLOCK_REALTIME)],
                [time.monotonic(), time.perf_counter(), timeit.default_timer()],
                [time.ctime(), time.asctime(), time.strftime("%a %b %e %H:%M:%S %Y")],
            )

        def scenario():
            before = look()
            thread = threading.Thread(target=time.sleep, args=(86400,))
            thread.start()
            thread.join()
            return before, look()
        """,
    )
    for then, days in (before, 0), (after, 1):
        dates, today, seconds, more_seconds, ticks, texts = then
        now = BEGINNING + days * DAY
        assert set(dates) == {now}
        assert today == now.date()
        assert {*seconds, *more_seconds} == {fake_time.EPOCH + days * 86400}
        assert set(ticks) == {days * 86400}
        assert set(texts) == {f"{now:%a %b} {now.day:2} {now:%H:%M:%S %Y}"}


def test_outside_of_the_world_it_is_the_time_that_it_was(tmp_path, zone):
    simulate(tmp_path, "def scenario():\n    import datetime\n    datetime.datetime.now()\n")
    now = datetime.datetime.now(zone).replace(tzinfo=None)
    assert now <= datetime.datetime.now() < now + DAY
    assert now <= datetime.datetime.today() < now + DAY
    assert datetime.datetime.fromtimestamp(0).timestamp() == 0
    assert datetime.date.fromtimestamp(0) == datetime.datetime.fromtimestamp(0, zone).date()
    winter = datetime.datetime(2020, 1, 1)
    assert winter.astimezone().utcoffset() == winter.replace(tzinfo=zone).utcoffset()
    assert datetime.datetime.strptime("2020", "%Y") == winter


def test_local_time_is_utc(tmp_path, zone):
    made = simulate(
        tmp_path,
        """
        import datetime, time, zoneinfo

        def scenario():
            winter = datetime.datetime(2020, 1, 1, 12)
            tokyo = winter.replace(tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
            time.tzset()
            return (
                [winter.timestamp(), time.mktime(winter.timetuple())],
                [winter.astimezone(), winter.astimezone(datetime.timezone.utc)],
                tokyo.astimezone(),
                datetime.datetime.fromtimestamp(1577880000.25),
                datetime.date.fromtimestamp(1577880000.25),
                time.localtime(0)[:6],
                [time.localtime().tm_zone, time.strftime("%Z"), time.strftime("%Z", (0,) * 9)],
                [time.tzname, time.timezone, time.altzone, time.daylight],
                time.strftime("%s %%s"),
            )
        """,
    )
    noon = datetime.datetime(2020, 1, 1, 12)
    utc = noon.replace(tzinfo=datetime.UTC)
    assert made == (
        [1577880000.0, 1577880000.0],
        [utc, utc],
        utc - datetime.timedelta(hours=9),
        noon.replace(microsecond=250_000),
        noon.date(),
        (1970, 1, 1, 0, 0, 0),
        ["UTC"] * 3,
        [("UTC", "UTC"), 0, 0, 0],
        "1000000000 %s",
    )


def test_a_date_of_the_world_is_one_for_everybody(tmp_path):
    now, later, pickled, name = simulate(
        tmp_path,
        """
        import abc, datetime, enum, pickle

        class Later(datetime.datetime):
            pass

        class Day(datetime.date, enum.Enum):
            FIRST = 2001, 9, 9

        class Abstract(datetime.date, abc.ABC):
            pass

        def scenario():
            now, later = datetime.datetime.now(), Later.now(datetime.timezone.utc)
            assert type(now) is datetime.datetime and type(now.date()) is datetime.date
            assert type(later) is Later and type(later + datetime.timedelta(1)) is Later
            assert type(Later.today()) is type(Later.fromtimestamp(0)) is Later
            assert type(Abstract.today()) is Abstract
            return now, later.replace(tzinfo=None) == now, pickle.dumps(now), Day.FIRST.name
        """,
    )
    assert type(now) is datetime.datetime
    assert (now, later, name) == (BEGINNING, True, "FIRST")
    assert pickle.loads(pickled) == now


def test_what_is_deprecated_is_said_of_the_line_that_uses_it(tmp_path):
    text = """
    import datetime, warnings
    def scenario():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            datetime.datetime.utcnow()
        return [one.filename for one in caught]
    """
    world, scenario = simulation(tmp_path, text)
    deprecated = sys.version_info >= (3, 12)
    assert world.execute(scenario) == [str(tmp_path / "program.py")] * deprecated
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        datetime.datetime.utcnow()
    assert [one.filename for one in caught] == [__file__] * deprecated


@pytest.mark.parametrize(
    "seconds",
    [None, "1", -1, -0.5, math.nan, math.inf, 1e300, 2**80, decimal.Decimal(1), b"", 1j],
    ids=repr,
)
def test_sleep_refuses_what_the_real_one_refuses(seconds):
    if isinstance(seconds, decimal.Decimal) and sys.version_info >= (3, 15):
        pytest.skip("this Python takes it")
    with pytest.raises((TypeError, ValueError, OverflowError)) as real:
        time.sleep(seconds)
    with pytest.raises(real.type):
        fake_time.make(Kernel()).sleep(seconds)


@pytest.mark.parametrize(
    "seconds", [0, 0.25, True, decimal.Decimal("0.25"), fractions.Fraction(1, 4)]
)
def test_sleep_and_locks_take_what_the_real_ones_take(seconds):
    def taken(sleep, lock):
        taken = []
        for call in (lambda: sleep(seconds), lambda: lock.acquire(True, seconds)):
            try:
                call()
                taken.append(True)
            except TypeError:
                taken.append(False)
        return taken

    kernel, known = Kernel(), []
    lock = fake_thread.make(kernel).allocate_lock()
    lock.acquire()
    kernel.run(lambda: known.extend(taken(fake_time.make(kernel).sleep, lock)))
    real = threading.Lock()
    real.acquire()
    assert known == taken(time.sleep, real)


def test_sleep_takes_its_argument_by_position_alone():
    with pytest.raises(TypeError):
        fake_time.make(Kernel()).sleep(seconds=1)


class Zero:
    def __repr__(self):
        return "Zero()"

    def __index__(self):
        return 0


@pytest.mark.parametrize("seconds", [0, 0.0, -0.0, False, Zero()], ids=repr)
def test_sleep_takes_what_the_real_one_takes(seconds):
    assert time.sleep(seconds) is None
    assert fake_time.make(Kernel()).sleep(seconds) is None


MOMENTS = [0, -1, 1e9, 0.999, -86400.5, 951_782_399, 4_102_444_800, 253_402_300_799]
FORMATS = ["%c", "%x %X", "%Y-%j", "%G-%V-%u", "%I %p", "%Z", "%z", "%s", "%%s %%%s", "", "%S%%"]


def test_what_is_made_of_a_given_time_is_as_where_it_is_utc(utc):
    fake = fake_time.make(Kernel())
    for seconds in MOMENTS:
        assert fake.localtime(seconds) == time.localtime(seconds)
        assert fake.localtime(seconds).tm_zone == time.localtime(seconds).tm_zone
        assert fake.gmtime(seconds) == time.gmtime(seconds)
        assert fake.ctime(seconds) == time.ctime(seconds)
        parts = time.localtime(seconds)
        assert fake.asctime(parts) == time.asctime(parts)
        for one in parts, tuple(parts), time.struct_time(tuple(parts)):
            assert fake.mktime(one) == time.mktime(one)
            for form in FORMATS:
                assert fake.strftime(form, one) == time.strftime(form, one)


def test_mktime_takes_a_date_that_there_is_not(utc):
    fake = fake_time.make(Kernel())
    for year, month, day in itertools.product(
        [1900, 1970, 2000, 2023], range(-13, 27), [-40, 0, 31, 99]
    ):
        parts = (year, month, day, 25, -61, 3601, 0, 0, 0)
        assert fake.mktime(parts) == time.mktime(parts), parts


@pytest.mark.parametrize("parts", [None, (1, 2), [0] * 9, ("x",) * 9, (2**40, *[0] * 8)], ids=repr)
def test_mktime_refuses_what_the_real_one_refuses(parts):
    with pytest.raises((TypeError, OverflowError)) as real:
        time.mktime(parts)
    with pytest.raises(real.type):
        fake_time.make(Kernel()).mktime(parts)


def test_each_clock_says_its_time_and_one_that_there_is_not_says_so():
    kernel = Kernel()
    fake = fake_time.make(kernel)
    kernel.now = 1.5
    clocks = {getattr(time, name) for name in dir(time) if name.startswith("CLOCK_")}
    for clock in clocks - {time.CLOCK_REALTIME}:
        assert fake.clock_gettime(clock) == 1.5
        assert fake.clock_gettime_ns(clock) == 1_500_000_000
    assert fake.clock_getres(time.CLOCK_MONOTONIC) == fake.get_clock_info("time").resolution
    for function in fake.clock_gettime, fake.clock_gettime_ns, fake.clock_getres:
        with pytest.raises(OSError, match="Invalid argument"):
            function(12345)


def test_the_clock_of_the_system_is_not_set(tmp_path):
    world, scenario = simulation(
        tmp_path, "import time\ndef scenario():\n    time.clock_settime(time.CLOCK_REALTIME, 0)\n"
    )
    with pytest.raises(CannotSimulate, match=r"time\.clock_settime cannot be simulated"):
        world.execute(scenario)


# CPython's own tests of dates

ELSEWHERE = "it sets the time zone of the process, and here it is UTC and stays so"
PROCESS = "it starts a process"
EXPECTED = {
    "test_astimezone": ELSEWHERE,
    "test_astimezone_default_eastern": ELSEWHERE,
    "test_timestamp_naive": ELSEWHERE,
    "test_system_transitions": ELSEWHERE,
    "TestLocalTimeDisambiguation.test_fromtimestamp": ELSEWHERE,
    "TestLocalTimeDisambiguation.test_timestamp": ELSEWHERE,
    "test_divide_and_round": "it tries what is the same in Python, without C",
    "test_gh_120161": PROCESS,
    "test_update_type_cache": PROCESS,
}
"""What is not run, and why; in the class that is named, or in any."""


@pytest.fixture(scope="module")
def tests_of_dates():
    pytest.importorskip("test.datetimetester", reason="this Python does not ship its own tests")
    world = Simulation(Project([], []))
    return world, world.load("test.datetimetester")


def test_cpythons_own(tests_of_dates, utc):
    world, module = tests_of_dates
    unittest = world.load("unittest")
    result = unittest.TestResult()

    def scenario():
        for name, case in list(vars(module).items()):
            if isinstance(case, type) and issubclass(case, unittest.TestCase):
                for method in unittest.defaultTestLoader.getTestCaseNames(case):
                    if not {method, f"{name}.{method}"} & EXPECTED.keys():
                        case(method).run(result)

    world.execute(scenario)
    assert [text for _, text in result.errors + result.failures] == []
    assert result.testsRun > 400


def test_a_clock_that_is_looked_at_while_time_passes_is_exact(tmp_path):
    """In code without steps: what looks again and again moves it on only where it stands still."""
    times = simulate(
        tmp_path,
        """
        import sched, time

        def scenario():
            times = []
            looks = map(times.append, iter(time.monotonic, None))  # no step of ours
            scheduler = sched.scheduler(time.monotonic, time.sleep)
            for k in range(200):
                scheduler.enterabs(k * 0.5, 0, next, (looks,))
            scheduler.run()
            return times
        """,
    )
    assert times == [k * 0.5 for k in range(200)]
