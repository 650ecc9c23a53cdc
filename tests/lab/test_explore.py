"""The search: what it finds in programs, that it repeats itself, and its shards."""

import bisect
import itertools
import os
import subprocess
import sys

import pytest

from tests.lab.searching import COUNTER, ROOT, SOUND, TINY, Schedules, main
from tests.lab.specs import CONSTRUCTS, construct, program
from threadlab.errors import ProgramError
from threadlab.schedule import PROMPT, Schedule
from threadlab.search.explore import STRATEGIES, explore, shards

# What it finds


@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_constructs(name, sound):
    spec = construct(name, sound=sound)
    result = explore(spec, executions=100 if sound else 2000)
    assert result.found is not sound
    if sound:
        assert not result.races
    else:
        assert len(result.schedule) <= 2
        again = explore(spec, replay=result.schedule)
        assert again.failure.is_like(result.failure)
        assert result.failure.message == again.failure.message


LEFT_BEHIND = """
import bisect
import itertools
import os
import threading

FILE = os.path.join({folder!r}, str(len(os.listdir({folder!r}))))
open(FILE, "w").close()

def scenario():
    order = []

    def work():
        if order:
            with open(FILE, "a") as file:
                file.write("1")

    thread = threading.Thread(target=work)
    thread.start()
    order.append(0)
    thread.join()
    with open(FILE) as file:
        seen = file.read()
    assert len(seen) < {most}
"""


@pytest.mark.parametrize("most", [2, 100_000])
def test_what_depends_on_what_was_left_behind_is_no_failure(script, tmp_path, most):
    """The ordinary run leaves nothing behind, other executions do: in a file, which is real."""
    (folder := tmp_path / "files").mkdir()
    text = LEFT_BEHIND.format(folder=str(folder), most=most)
    if most > 2:
        text += "    for _ in seen:\n        _\n"
    with pytest.raises(ProgramError, match="the same schedule went two ways"):
        explore(script(text))


@pytest.mark.parametrize(
    ("name", "token", "steps", "kind", "line"),
    [
        ("nonlocal_", "10.1,12.1", 19, "exception", 17),
        ("with_two_locks", "10.1,12.1", 16, "deadlock", 17),
        ("thread_pool_executor", "18.1", 33, "exception", 21),
        ("fifo_queue", "11.1,12+1.1", 18, "deadlock", 14),
        ("condition_wait_for", "9.1,10+1.1", 16, "deadlock", 14),
        ("timer", "5.1,6.1", 9, "exception", 15),
        ("barrier", "-", 19, "exception", 15),
        ("comprehension_items", "13.1,15.1", 22, "exception", 18),
        ("get_twice", "17.1,18+1.1", 27, "exception", 17),
        ("as_completed_", "4.1", 10, "exception", 16),
        ("result_in_time", "4.1,4+1.1", 4, "exception", 13),
    ],
)
def test_a_token_is_the_same_failure_on_every_python(name, token, steps, kind, line):
    """The figures are those of CPython 3.11 to 3.13, which are the same."""
    result = explore(construct(name), replay=Schedule.parse(token))
    assert (result.steps, result.failure.kind) == (steps, kind)
    assert f"{name}.py:{line}" in result.failure.location.split("/")[-1].split()


@pytest.mark.once
def test_the_same_seed_gives_the_same_in_every_process():
    sound = construct("unpacking", sound=True)
    code = (
        "import sys\n"
        "from tests.lab.searching import Schedules, without_seconds\n"
        "from threadlab.search.explore import STRATEGIES, explore\n"
        "for spec in sys.argv[1:]:\n"
        "    for name in STRATEGIES:\n"
        "        seen = Schedules()\n"
        "        result = explore(spec, strategy=name, seed=5, executions=100, watcher=seen)\n"
        "        print(without_seconds(result), seen.taken)\n"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code, COUNTER, sound],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert told[0] == told[1] == told[2]
    assert told[0].count("\n") == 2 * len(STRATEGIES)


def test_another_seed_makes_other_executions():
    taken = []
    for seed in (0, 1):
        schedules = Schedules()
        explore(SOUND, strategy="random", seed=seed, executions=20, watcher=schedules)
        taken.append(schedules.taken)
    assert taken[0] != taken[1]


def test_seconds_bound_a_search():
    result = explore(SOUND, executions=10**9, seconds=0.2)
    assert not result.found
    assert 0.2 <= result.seconds < 5


# Shards


@pytest.mark.parametrize("strategy", ["portfolio", "random", "pct", "pos", "feedback", "bounded"])
def test_shards_are_disjoint(strategy):
    parts = []
    for shard in shards(2):
        schedules = Schedules()
        explore(TINY, strategy=strategy, executions=150, shard=shard, watcher=schedules)
        parts.append(set(schedules.taken))
    assert all(parts)
    assert not parts[0] & parts[1]


@pytest.mark.parametrize("bound", [1, 2])
def test_shards_together_are_the_whole(bound):
    whole = Schedules()
    explore(TINY, strategy="bounded", bound=bound, watcher=whole)
    parts = Schedules()
    for shard in shards(3):
        assert explore(TINY, strategy="bounded", bound=bound, shard=shard, watcher=parts).exhausted
    assert sorted(parts.taken) == sorted(whole.taken)


@pytest.mark.once
def test_shards_under_xdist(tmp_path):
    path = tmp_path / "test_shards.py"
    path.write_text(
        "import pytest\n"
        "from threadlab.search.explore import explore, shards\n"
        "@pytest.mark.parametrize('shard', shards(2))\n"
        "def test(shard):\n"
        f"    assert not explore({COUNTER!r}, shard=shard, small=False).found\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", "--rootdir=.", path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "2 failed" in done.stdout


@pytest.mark.parametrize("strategy", sorted({*STRATEGIES} - {"exhaustive"}))
def test_a_shard_may_be_empty(script, strategy):
    spec = script("def scenario():\n    return 1\n")
    result = explore(spec, strategy=strategy, shard=(1, 2), executions=50)
    assert (result.executions, result.found) == (0, False)


@pytest.mark.parametrize("shard", [(2, 2), (-1, 2), (0, 0)])
def test_no_shards(shard):
    with pytest.raises(ValueError, match="not a shard"):
        explore(TINY, shard=shard)


METHOD = """
import queue
import threading

def scenario():
    out = {made}
    threads = [threading.Thread(target=out.{method}, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {first} == 0
"""


@pytest.mark.parametrize("strategy", ["portfolio", "exhaustive"])
@pytest.mark.parametrize(
    ("made", "method", "first"), [("[]", "append", "out[0]"), ("queue.Queue()", "put", "out.get()")]
)
def test_threads_that_only_call_a_method_have_any_order(script, made, method, first, strategy):
    text = METHOD.format(made=made, method=method, first=first)
    assert explore(script(text), strategy=strategy, small=False).found


def test_to_record_accesses_evaluates_nothing_twice():
    spec = program("looked_up")
    steps = {
        explore(spec, strategy=strategy, races=races, replay=PROMPT).steps
        for strategy, races in [("random", "off"), ("random", "report"), ("exhaustive", "off")]
    }
    assert len(steps) == 1
    assert not explore(spec, executions=100, races="report").found


def test_a_token_that_does_not_fit_is_refused_unless_it_fails_before(script):
    with pytest.raises(ProgramError, match=r"does not fit: its delay 99\.1 never came"):
        explore(script("def scenario(): pass"), replay="99.1")
    found = explore(COUNTER, executions=2000)
    assert explore(COUNTER, replay=f"{found.schedule},9999.1").found


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"executions": 0}, "executions=0"),
        ({"seconds": -1}, "seconds=-1"),
        ({"bound": -1}, "bound=-1"),
        ({"races": "yes"}, "no races='yes'; there are report, error, off"),
        ({"replay": "x"}, "not a schedule: 'x'"),
    ],
)
def test_an_argument_that_makes_no_sense_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        explore(SOUND, **wrong)


def test_a_program_may_leave_its_folder(script, tmp_path, monkeypatch):
    script("import os\nos.chdir('/')\ndef scenario(): 1 / 0", "leaves.py")
    monkeypatch.chdir(tmp_path)
    assert explore("leaves.py:scenario").found


DAEMON = """
import _thread
import threading
import time

log = []

def tick():
    while True:
        time.sleep(1)
        log.append("tick")

def scenario(target=tick, daemon=True):
    threading.Thread(target=target, daemon=daemon).start()
    _thread.start_new_thread(time.sleep, (10**6,))
    time.sleep(3.5)
    assert len(log) in (2, 3)

def fails():
    time.sleep(2)
    raise OSError

def late():
    time.sleep(4)
    raise OSError
"""


@pytest.mark.parametrize(
    ("body", "daemons", "kind"),
    [
        ("scenario()", "fail", "leak"),
        ("scenario()", "allow", None),
        ("log[:] = 'ab'; scenario(fails)", "allow", "exception"),
        ("log[:] = 'ab'; scenario(late)", "allow", None),
        ("log[:] = 'ab'; scenario(late)", "fail", "leak"),
        ("scenario(daemon=False)", "allow", "leak"),
    ],
)
def test_whether_daemons_may_be_left(script, body, daemons, kind):
    text = f"{DAEMON}\ndef main():\n    {body}\n"
    spec = script(text).replace(":scenario", ":main")
    result = explore(spec, executions=100, daemons=daemons, stall=0)
    assert (result.failure and result.failure.kind) == kind
    if kind == "exception":
        assert ("--daemons=allow" in result.again) == (daemons == "allow")
        assert explore(result.program, replay=result.schedule, daemons=daemons).found


def test_a_command_with_daemons_allowed_says_so(script, capsys):
    spec = script(DAEMON.replace("in (2, 3)", "== 0"))
    status, out, _ = main(capsys, spec, "--daemons=allow")
    assert status == 1
    again = out.splitlines()[-1].removeprefix("Again: threadlab explore ").split()
    assert "--daemons=allow" in again
    assert main(capsys, *again)[0] == 1


COUNTED = """
import bisect  # which is the process's own
import itertools

count = vars(bisect).setdefault("count", itertools.count())

def scenario():
    number = next(bisect.count)
    {then}
"""


def test_the_value_is_named_in_which_the_same_schedule_goes_two_ways(script, monkeypatch):
    monkeypatch.setattr(bisect, "count", itertools.count(), raising=False)
    text = COUNTED.format(then="for _ in range(number): number")
    with pytest.raises(ProgramError, match=r"at step 3: in \S+script.py:9 number is 2 and then 3;"):
        explore(script(text), executions=3)


def test_the_line_is_named_where_no_value_says_it(script, monkeypatch):
    monkeypatch.setattr(bisect, "count", itertools.count(), raising=False)
    branch = "\n    if next(bisect.count) % 2:\n        x = 1"
    text = COUNTED.format(then="return").replace("number = next(bisect.count)", branch)
    with pytest.raises(ProgramError, match=r"at step 3 in \S+:11 and then in \S+:10;"):
        explore(script(text), executions=3)


WITHOUT_STEPS = """
import asyncio, functools, threading, time
from concurrent.futures import ThreadPoolExecutor

def of_threads(*targets):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

async def to_threads(calls):
    await asyncio.gather(*(asyncio.to_thread(*call) for call in calls))

def scenario():
    seen = []
    {body}
"""


@pytest.mark.parametrize(
    "said",
    [
        "thread = threading.Thread(target=lambda: None); thread.start(); "
        "said = thread.is_alive(); thread.join()",
        "thread = threading.Thread(target=time.sleep, args=(0,)); thread.start(); "
        "said = thread.is_alive(); thread.join()",
        "of_threads(*(functools.partial(seen.append, n) for n in (1, 2))); said = seen == [1, 2]",
        "with ThreadPoolExecutor(1) as pool: said = pool.submit(lambda: 3).done()",
        "with ThreadPoolExecutor(1) as pool: said = pool.submit(pow, 2, 3).done()",
        "with ThreadPoolExecutor(2) as pool: list(pool.map(seen.append, (1, 2)))\n"
        "    said = seen == [1, 2]",
        "asyncio.run(to_threads([(seen.append, 1), (seen.append, 2)])); said = seen == [1, 2]",
    ],
)
def test_what_makes_no_step_of_its_own_comes_sooner_or_later(script, said):
    """What a thread or a pool is given: nothing orders it, and so it may be either."""
    for claim in ("said", "not said"):
        text = WITHOUT_STEPS.format(body=f"{said}\n    assert {claim}")
        assert explore(script(text), executions=300).found, claim


def test_an_object_that_computes_all_its_attributes_is_not_asked_for_them(script):
    text = """
    class Lazy:
        def __getattribute__(self, name):
            object.__getattribute__(self, 'asked').append(name)
            return object.__getattribute__(self, name)
    def scenario():
        lazy = Lazy.__new__(Lazy)
        object.__setattr__(lazy, 'asked', [])
        lazy.count = 1
        lazy.count += 1
        assert object.__getattribute__(lazy, 'asked') == ['count']
    """
    assert not explore(script(text), executions=2).found


@pytest.mark.parametrize("strategy", ["bounded", "exhaustive"])
def test_a_module_that_loads_when_it_is_asked_for_something_is_not_asked_by_us(script, strategy):
    text = """
    import types
    class Lazy(types.ModuleType):
        def __getattribute__(self, name):
            self.__class__ = types.ModuleType
            self.loaded = [name]
            return getattr(self, name)
    def scenario():
        lazy = Lazy('lazy')
        lazy.red = 1
        assert lazy.red == 1
        lazy.loaded += [2]
        assert lazy.loaded == ['red', 2]
    """
    assert not explore(script(text), strategy=strategy, executions=2).found


def test_modules_that_the_laboratory_needs_itself_can_have_steps(script):
    """`ast` imports `inspect` when it is asked for a docstring, and that imports functools."""
    text = """
    from functools import cached_property
    class Word:
        text = cached_property(lambda self: 'a')
    def scenario():
        assert Word().text == 'a'
    """
    assert explore(script(text), executions=1, include=["functools", "inspect"]).steps > 10


SIGNALLED = """
import signal, threading

lock, taken = threading.Lock(), []

def take():
    with lock:
        taken.append(1)

def interrupt():
    signal.raise_signal(signal.SIGUSR1)

def scenario():
    signal.signal(signal.SIGUSR1, lambda number, frame: take())
    thread = threading.Thread(target={target}, args={arguments})
    thread.start()
    take()
    thread.join()
"""


@pytest.mark.parametrize(
    ("target", "arguments"),
    [("interrupt", "()"), ("signal.raise_signal", "(signal.SIGUSR1,)")],
)
@pytest.mark.parametrize("strategy", ["bounded", "exhaustive"])
def test_a_signal_comes_before_any_step_of_the_main_thread(script, strategy, target, arguments):
    spec = script(SIGNALLED.format(target=target, arguments=arguments))
    assert explore(spec, strategy=strategy).failure.kind == "deadlock"
