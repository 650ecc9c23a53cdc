"""Termination at every moment that there is, from everywhere."""

import itertools

import pytest

from tests.properties import in_threads

ENDLESS = 10**9


@pytest.mark.needs("CountdownTask")
def test_T3_termination_races_with_emission(world):
    def scenario():
        for _ in range(100):
            emitted, by_then, left = [], [], []
            task = world.subject.CountdownTask(interval=1e-5, emit=emitted.append)

            def terminate():
                task.terminate()
                by_then.append(len(emitted))

            in_threads(world, lambda: left.append(task.run(ENDLESS)), *[terminate] * 3)
            assert len(emitted) <= min(by_then) + 1
            assert left == [ENDLESS - len(emitted)]

    world.run(scenario)


@pytest.mark.needs("CountdownTask")
def test_T6_many_runs_of_one_task(world):
    """Each waits for the same request, and none keeps it from another."""

    def scenario():
        for _ in range(20):
            task = world.subject.CountdownTask(interval=0.001, emit=lambda value: None)
            in_threads(world, *[lambda: task.run(ENDLESS)] * 20, *[task.terminate] * 4)
            assert task.terminated

    world.run(scenario)


@pytest.mark.needs("running", "CountdownTask")
def test_R1_storm_of_blocks(world):
    def scenario():
        before = set(world.threading.enumerate())
        for pause in itertools.islice(itertools.cycle([0, 1e-5, 1e-4]), 200):
            task = world.subject.CountdownTask(interval=1e-4, emit=lambda value: None)
            with world.subject.running(task, ENDLESS) as thread:
                world.time.sleep(pause)
            assert not thread.is_alive()
        assert set(world.threading.enumerate()) <= before

    world.run(scenario)


@pytest.mark.needs("start")
def test_S2_signal_failure_and_timeout_at_one_moment(world):
    """Whatever wins, the caller gets one clear answer, and nobody gets it twice."""

    def scenario():
        unhandled, raised, alive = [], [], 0
        world.threading.excepthook, before = unhandled.append, world.threading.excepthook
        try:
            for number in range(300):
                error, threads = ValueError(number), []

                def target(*, started, error=error, threads=threads):
                    threads.append(world.threading.current_thread())
                    world.time.sleep(0.0003)
                    if error.args[0] % 2:
                        started.set()
                    raise error

                try:
                    world.subject.start(target, timeout=0.0003).join()
                except TimeoutError as late:
                    late.thread.join()
                except ValueError as its_own:
                    raised.append(its_own.args[0])
                    alive += threads[0].is_alive()
        finally:
            world.threading.excepthook = before
        reported = [args.exc_value.args[0] for args in unhandled]
        assert len(set(raised + reported)) == len(raised + reported)
        assert not alive

    world.run(scenario)
