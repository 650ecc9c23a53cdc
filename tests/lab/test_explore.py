"""The command `explore` and the call: what they find in scripts, and what they say of others."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.specs import CONSTRUCTS, construct, program
from threadlab import cli as command
from threadlab.errors import ProgramError
from threadlab.program import Program
from threadlab.schedule import PROMPT, Schedule
from threadlab.search.explore import STRATEGIES, explore, shards

ROOT = Path(__file__).parents[2]

COUNTER = construct("nonlocal_")
SOUND = construct("nonlocal_", sound=True)
TINY = program("tiny")


def main(capsys, *arguments):
    """Exit status, standard output and error of the command, in this process."""
    try:
        status = command.main(["explore", *arguments])
    except SystemExit as error:
        status = error.code
    return status, *capsys.readouterr()


def run(*arguments, **options):
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "threadlab", "explore", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def without_seconds(result):
    return {**result.as_json(), "seconds": None}


class Schedules:
    """A watcher that keeps the schedules of a search."""

    def __init__(self):
        self.taken = []

    def begin(self, kernel):
        self._kernel = kernel

    def show(self, result, phase):
        self.taken.append(tuple(self._kernel.taken))


# What works in a script


@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_constructs(name, sound):
    spec = construct(name, sound=sound)
    result = explore(spec, executions=250 if sound else 2000)
    assert result.found is not sound
    if sound:
        assert not result.races
    else:
        assert len(result.schedule) <= 2
        again = explore(spec, replay=result.schedule)
        assert again.failure.is_like(result.failure)
        assert result.failure.message == again.failure.message


# What does not


REFUSED = {
    "def scenario(:": "script.py:1: SyntaxError: ",
    "if 1:\n\tx = 1\n        y = 1": "script.py:3: TabError: ",
    "def other(): pass": "there is no function scenario",
    "scenario = 7": "scenario is no function",
    "def scenario(x): pass": "must do without arguments: missing a required argument: 'x'",
    "def scenario(): yield": "is no plain function",
    "async def scenario(): pass": "is no plain function",
    "1 / 0": "does not load: ZeroDivisionError: division by zero",
    "raise SystemExit": "does not load: SystemExit",
    "import no_such_module": "does not load: ModuleNotFoundError: No module named 'no_such_module'",
    "def scenario(): input()": "input cannot be simulated: it reads standard input",
    "input()": "input cannot be simulated",
    "import sys\ndef scenario(): sys.stdin.read()": "sys.stdin.read cannot be simulated",
    "import os\ndef scenario(): os.fork()": "os.fork cannot be simulated: it leaves the process",
    "import os\ndef scenario(): os.system('true')": "os.system cannot be simulated",
    "import subprocess": "subprocess cannot be simulated: it starts processes",
    "def scenario():\n  import multiprocessing": "multiprocessing cannot be simulated",
    "from concurrent.futures import ProcessPoolExecutor": "it starts processes",
    "import asyncio": "asyncio cannot be simulated",
    "n = 0\ndef scenario():\n  global n\n  n += 1\n  for _ in range(n): n": "went two ways",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_explored_is_said_in_one_line(script, capsys, text):
    status, out, err = main(capsys, script(text))
    assert (status, out) == (2, "")
    assert REFUSED[text] in err
    assert re.fullmatch(r"threadlab explore: error: [^\n]*\n", err)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.py:scenario"], "there is no such file"),
        (["README.md:scenario"], "is given as FILE.py:FUNCTION"),
        (["nothing.py"], "is given as FILE.py:FUNCTION"),
        (["nothing.py:"], "is given as FILE.py:FUNCTION"),
        (["nothing.py:a-b"], "is given as FILE.py:FUNCTION"),
        ([], "the following arguments are required: FILE.py:FUNCTION"),
        (["x.py:f", "--replay", "12"], "no schedule: '12'"),
        (["x.py:f", "--replay", "2.1,1.1"], "no schedule: '2.1,1.1'"),
        (["x.py:f", "--executions", "0"], "0 is not at least 1"),
        (["x.py:f", "--executions", "many"], "'many' is no number"),
        (["x.py:f", "--seconds", "-1"], "-1 is not at least 0"),
        (["x.py:f", "--seconds", "nan"], "nan is not at least 0"),
        (["x.py:f", "--seed", "1.5"], "'1.5' is no number"),
        (["x.py:f", "--bound", "-1"], "-1 is not at least 0"),
        (["x.py:f", "--strategy", "best"], "invalid choice: 'best'"),
        (["x.py:f", "--races", "on"], "invalid choice: 'on'"),
    ],
)
def test_wrong_usage_is_said_in_one_line(capsys, arguments, message):
    status, out, err = main(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


LEFT_BEHIND = """
import threading

seen = []

def scenario():
    order = []

    def work():
        if order:
            seen.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    order.append(0)
    thread.join()
    assert len(seen) < {}
"""


@pytest.mark.parametrize("most", [2, 100_000])
def test_what_depends_on_what_was_left_behind_is_no_failure(script, most):
    """The ordinary run leaves nothing behind, other executions do."""
    text = LEFT_BEHIND.format(most)
    if most > 2:
        text += "    for _ in seen:\n        _\n"
    with pytest.raises(ProgramError, match="the same schedule went two ways"):
        explore(script(text))


def test_one_that_runs_for_ever_is_a_livelock(capsys):
    spec = program("livelock")
    status, out, err = main(capsys, spec, "--executions", "1", "--races", "off")
    assert (status, err) == (1, "")
    assert "livelock in MainThread, Thread-1 (spin): " in out


@pytest.mark.parametrize(
    "text", ["while True: pass", "import os\ndef scenario(): os.read(os.pipe()[0], 1)"]
)
def test_one_that_hangs_without_steps_is_ended_with_one_line(script, text):
    code = (
        "import sys; from threadlab import cli as command; command.PATIENCE = 0.5; "
        "command.main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "explore", script(text)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"[^\n]* never ends: 0.5 s without a step\n", done.stderr)


# What is printed


@pytest.mark.parametrize(("spec", "status"), [(COUNTER, 1), (SOUND, 0)])
def test_the_last_line_is_an_object(capsys, spec, status):
    ended, out, err = main(capsys, spec, "--json", "--executions", "50", "--seed", "3")
    assert (ended, err) == (status, "")
    result = json.loads(out.splitlines()[-1])
    assert list(result) == [
        *("found", "executions", "seconds", "steps", "strategy", "seed", "exhausted"),
        *("schedule", "failure", "races"),
    ]
    assert (result["found"], result["seed"], result["exhausted"]) == (bool(status), 3, False)
    if status:
        assert list(result["failure"]) == ["kind", "message", "thread", "location"]
        assert result["failure"]["location"].endswith("nonlocal_.py:17")
        assert [list(race) for race in result["races"]] == [["location", "accesses"]]
    else:
        assert (result["failure"], result["schedule"], result["races"]) == (None, None, [])


def test_the_last_line_of_text_replays_in_a_fresh_process(capsys):
    status, out, _ = main(capsys, COUNTER)
    assert status == 1
    again = out.splitlines()[-1].removeprefix("Again: threadlab explore ").split()
    done = run(*again)
    assert (done.returncode, done.stderr) == (1, "")
    failed = re.search(r"\nexception in .*\nat .*\n", out)[0]
    assert failed in done.stdout
    assert "schedule: " + again[-1] in done.stdout


def test_what_a_script_prints_is_shown_in_a_replay_only(script, capsys):
    spec = script(
        "import sys\nprint('loads')\ndef scenario(): print('runs'); sys.stderr.write('!')"
    )
    _, out, err = main(capsys, spec)
    assert out.startswith("nothing found, and nothing left to try: ")
    assert (out.count("\n"), err) == (1, "")
    status, out, err = main(capsys, spec, "--replay", "-")
    assert (status, err) == (0, "!")
    assert out == "runs\nnothing found: one execution, 2 steps\n"


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


def test_the_same_seed_gives_the_same_in_every_process():
    sound = construct("unpacking", sound=True)
    code = (
        "import sys\n"
        "from tests.lab.test_explore import STRATEGIES, Schedules, explore, without_seconds\n"
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


def on_terminal(*arguments, interrupt=False):
    """Exit status, standard output, and what a terminal as standard error was sent."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "threadlab", "explore", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            data = os.read(mine, 10_000)
        except OSError:  # that is how the end is told
            break
        if not data:
            break
        if interrupt and not shown:
            process.send_signal(signal.SIGINT)
        shown += data
    out = process.communicate(timeout=60)[0]
    os.close(mine)
    return process.returncode, out, shown.decode()


def test_on_a_terminal_there_is_a_line_of_progress():
    status, out, shown = on_terminal(SOUND, "--executions", "200")
    assert status == 0
    assert re.match(
        r"\r[a-z]+: [\d,]+ executions, [\d,]+/s, [\d,]+ steps each, [\d,]+ schedules, "
        r"[\d,]+ s left",
        shown,
    )
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown
    assert out.startswith("nothing found: 200 executions")


def test_ctrl_c_ends_with_what_is_known():
    status, out, shown = on_terminal(SOUND, "--executions", "100000000", interrupt=True)
    assert status == command.INTERRUPTED
    assert out == ""
    last = shown.rpartition("\x1b[K")[2]
    assert re.fullmatch(
        r"threadlab explore: ended by Ctrl-C after .* in .* s; nothing found so far\r\n", last
    )


def test_seconds_bound_a_search():
    result = explore(SOUND, executions=10**9, seconds=0.2)
    assert not result.found
    assert 0.2 <= result.seconds < 5


# Shards


@pytest.mark.parametrize("strategy", ["portfolio", "random", "pct", "surw", "bounded"])
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
    with pytest.raises(ValueError, match="no shard"):
        explore(TINY, shard=shard)


# Bounds and proofs


@pytest.mark.parametrize("bound", [0, 1, 2])
def test_bounded_sees_exactly_the_schedules_within_the_bound(bound):
    schedules = Schedules()
    result = explore(TINY, strategy="bounded", bound=bound, watcher=schedules)
    assert result.exhausted
    taken = within(TINY, bound)
    assert set(schedules.taken) == taken
    assert result.executions == len(taken)


def within(spec, bound):
    """The schedules of at most ``bound`` delays, by trying each at each step and turn."""
    simulation, scenario = Program.parse(spec).load(recording=False)
    level, taken = {()}, {()}
    for _ in range(bound):
        level = {
            (*delays, delay)
            for delays in level
            for delay in every_delay(12)
            if not delays or delays[-1] < delay
        }
        kept = set()
        for delays in level:
            simulation.execute(scenario, Schedule(delays))
            if tuple(simulation.kernel.taken) == delays:
                kept.add(delays)
        level = kept
        taken |= kept
    return taken


def every_delay(steps):
    for step in range(steps + 1):
        for skip in range(1, 4):
            if step:
                yield step, 0, skip
            yield from ((step, turn, skip) for turn in range(1, 5))


@pytest.mark.parametrize("name", ["nonlocal_", "with_two_locks", "property_"])
def test_exhaustive_proves_what_is_sound(name):
    result = explore(construct(name, sound=True), strategy="exhaustive")
    assert result.exhausted
    assert not result.found


# Minimal schedules


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["nonlocal_", "with_two_locks", "fifo_queue", "f_string"])
def test_schedules_are_made_small(strategy, name):
    spec = construct(name)
    result = explore(spec, strategy=strategy, seed=1)
    assert len(result.schedule) <= 2
    assert result.failure.is_like(explore(spec, replay=result.schedule).failure)
    kinds = {"with_two_locks": "deadlock", "fifo_queue": "deadlock"}
    assert result.failure.kind == kinds.get(name, "exception")


# Data races


RACES = """
import threading
import queue
from concurrent.futures import ThreadPoolExecutor

total = 0

class Account:
    def __init__(self):
        self.balance = 0

def scenario():
    global total
    total = 0
    account, xs, lock = Account(), [0], threading.Lock()
    event, condition = threading.Event(), threading.Condition()
    barrier, semaphore = threading.Barrier(2), threading.Semaphore(0)
    jobs, count = queue.Queue(), 0

    def first():
        nonlocal count
        global total
        {first}

    def second():
        nonlocal count
        global total
        {second}

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    {main}
"""
BOTH = "for t in threads: t.start()\n    for t in threads: t.join()"
ADD = "account.balance += 1"


def racing(first, second, main=BOTH):
    return RACES.format(first=first, second=second, main=main)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Account.balance", racing(ADD, ADD)),
        ("Account.balance", racing(ADD, "account.balance")),
        ("Account.balance", racing(f"with lock: {ADD}", ADD)),
        ("script.total", racing("total += 1", "total += 1")),
        ("count", racing("count += 1", "count += 1")),
        ("xs[0]", racing("xs[0] += 1", "xs[0] = 3")),
        ("Account.balance", racing(f"event.set(); {ADD}", f"event.wait(); {ADD}")),
        ("Account.balance", racing(f"jobs.put(1); {ADD}", f"jobs.get(); {ADD}")),
        ("Account.balance", racing(ADD, "pass", f"threads[0].start(); {ADD}; threads[0].join()")),
        (
            "Account.balance",
            racing(ADD, "pass", f"threads[0].start(); threads[0].is_alive() or 0; {ADD}")
            + "    threads[0].join()",
        ),
        (
            "Account.balance",
            racing(ADD, ADD, "with ThreadPoolExecutor() as p: p.submit(first); p.submit(second)"),
        ),
        ("count", racing("count, xs[0] = 1, 2", "count")),
        ("count", racing("for count in range(2): pass", "count")),
    ],
)
def test_races_are_named_and_told_once(script, capsys, name, text):
    spec = script(text)
    races = explore(spec, strategy="random", executions=300).races
    assert {race.location for race in races} == {name}
    assert len({race.lines for race in races}) == len(races)
    for race in races:
        for access in (race.first, race.second):
            assert access.stack[-1].startswith(f"script.py:{access.line} in scenario")
    status, out, _ = main(capsys, spec, "--races", "error")
    assert status == 1
    assert re.search(rf"^race in .*: data race on {re.escape(name)}$", out, re.MULTILINE)
    assert not explore(spec, races="off", executions=50).races


@pytest.mark.parametrize(
    "text",
    [
        racing(f"with lock: {ADD}", f"with lock: {ADD}"),
        racing(f"{ADD}; event.set()", f"event.wait(); {ADD}"),
        racing(f"{ADD}; jobs.put(1)", f"jobs.get(); {ADD}"),
        racing(f"{ADD}; semaphore.release()", f"semaphore.acquire(); {ADD}"),
        racing(f"{ADD}; barrier.wait()", f"barrier.wait(); {ADD}"),
        racing(f"{ADD}; event.set()", f"while not event.is_set(): pass\n        {ADD}"),
        racing(f"with condition: {ADD}; condition.notify()", f"with condition: {ADD}"),
        racing(ADD, ADD, "for t in threads: t.start(); t.join(); t.join()"),
        racing(ADD, ADD, f"{ADD}; threads[0].start(); threads[0].join(); {ADD}"),
        racing(
            ADD,
            "pass",
            f"threads[0].start()\n    while threads[0].is_alive(): pass\n    {ADD}",
        ),
        racing(ADD, ADD, f"with ThreadPoolExecutor() as p: p.submit(first).result(); {ADD}"),
        racing(ADD, ADD, "with ThreadPoolExecutor(1) as p: p.submit(first); p.submit(second)"),
        racing("xs[0] = 1", "xs.append(1)"),
        racing("local = 1; local += 1", "local = 2; local += 1"),
    ],
)
def test_what_is_ordered_is_no_race(script, text):
    for strategy in ("random", "bounded"):
        result = explore(script(text), strategy=strategy, executions=200, races="error")
        assert not result.found
        assert not result.races


def test_that_one_thread_ends_before_the_next_starts_is_no_order(script):
    """On any Python: up to 3.12, `start` looks for the threads that have ended."""
    assert explore(script(racing(ADD, ADD)), replay=PROMPT).races


def test_a_race_can_be_the_failure(script, capsys):
    spec = script(racing("count = 1", "count = 2"))
    assert main(capsys, spec)[0] == 0
    status, out, _ = main(capsys, spec, "--races", "error", "--json")
    assert status == 1
    result = json.loads(out.splitlines()[-1])
    assert (result["failure"]["kind"], result["failure"]["message"]) == (
        "race",
        "data race on count",
    )
    (race,) = result["races"]
    assert [access["kind"] for access in race["accesses"]] == ["write", "write"]
    replayed = main(capsys, spec, "--races", "error", "--replay", result["schedule"])
    assert replayed[0] == 1
    assert "race in " in replayed[1]


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


def test_a_reader_that_goes_away_is_no_error():
    reader = f"{sys.executable} -c 'import sys; sys.stdin.readline()'"
    command = f"{sys.executable} -m threadlab explore {COUNTER} --json | {reader}"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.stderr == ""


def test_to_record_accesses_evaluates_nothing_twice():
    spec = program("looked_up")
    steps = {
        explore(spec, strategy=strategy, races=races, replay=PROMPT).steps
        for strategy, races in [("random", "off"), ("random", "report"), ("exhaustive", "off")]
    }
    assert len(steps) == 1
    assert not explore(spec, executions=100, races="report").found


def test_a_traceback_has_no_frame_of_the_laboratory(script, capsys):
    spec = script("""
        import threading

        def scenario():
            worker = threading.Thread(target=print)
            starters = [threading.Thread(target=worker.start) for _ in range(2)]
            for starter in starters:
                starter.start()
    """)
    status, out, _err = main(capsys, spec)
    assert status == 1
    assert "RuntimeError: threads can only be started once" in out
    assert f"{Path(command.__file__).parent.name}{os.sep}" not in out
