"""Broken variants of what is sound, a class each; its docstring begins with the law that it breaks.

They come of asking each law for its other side, for the second call, the second object, the second
thread, for what is false and yet given. Those from which there is more to learn are files beside
this one.
"""

import math
import threading
import time
import types
from contextlib import suppress

import _sound
from _sound import TimerStopped, count, methods, seconds, signal


class T0AtConstruction(_sound.PeriodicTimer):
    """P1: t0 at construction."""

    def __init__(self, interval):
        super().__init__(interval)
        self._born = time.monotonic()

    def _start(self):
        super()._start()
        self._t0 = self._born


class TickAtStop(_sound.PeriodicTimer):
    """P6: tick at stop."""

    def stop(self):
        super().stop()
        with self._changed:
            if self._thread is not None and not getattr(self, "_more", False):
                self._more = True
                self._ticks += 1


class TimeoutZeroAlwaysRaises(_sound.PeriodicTimer):
    """P4: timeout zero always raises."""

    def wait_for_tick(self, timeout=None):
        if timeout is not None:
            timeout = seconds("timeout", timeout, zero=True)
        with self._changed:
            last = self._place.last = getattr(self._place, "last", self._ticks)
            if timeout == 0:
                raise TimeoutError
            self._wait(last, timeout)
            self._place.last = last + 1
            return last + 1


class StoppedToldOnce(_sound.PeriodicTimer):
    """P6: stopped told once."""

    def _wait(self, last, timeout=None):
        told = getattr(self._place, "told", False)
        if not self._changed.wait_for(
            lambda: self._ticks > last or (self._stopped and not told), timeout
        ):
            raise TimeoutError(f"no tick within {timeout} s")
        if self._ticks == last:
            self._place.told = True
            raise TimerStopped


class LastTickForANewThreadAfterStop(_sound.PeriodicTimer):
    """P6: last tick for a new thread after stop."""

    def wait_for_tick(self, timeout=None):
        with self._changed:
            if self._stopped and self._ticks and not hasattr(self._place, "last"):
                self._place.last = self._ticks - 1
        return super().wait_for_tick(timeout)


class StartsAfterStop(_sound.PeriodicTimer):
    """P8: starts after stop."""

    def _start(self):
        if self._thread is not None:
            raise RuntimeError
        self._t0 = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()


class StopBeforeStartRaises(_sound.PeriodicTimer):
    """P8: stop before start raises."""

    def stop(self):
        if self._thread is None:
            raise RuntimeError("not started")
        super().stop()


class EntryForgivesASecondStart(_sound.PeriodicTimer):
    """P8: entry forgives a second start."""

    def __enter__(self):
        with suppress(RuntimeError):
            self.start()
        return self


class IterationEndsAtTheStop(_sound.PeriodicTimer):
    """P10: iteration ends at the stop."""

    def _after(self, last):
        with suppress(TimerStopped):
            while True:
                with self._changed:
                    if self._stopped:
                        return
                    self._wait(last)
                last += 1
                yield last


class IterationSkipsToTheLatest(_sound.PeriodicTimer):
    """P10: iteration skips to the latest."""

    def _after(self, last):
        with suppress(TimerStopped):
            while True:
                with self._changed:
                    self._wait(last)
                    last = self._ticks
                yield last


class FirstIsTheLastThatFell(_sound.PeriodicTimer):
    """P2: first is the last that fell."""

    def wait_for_tick(self, timeout=None):
        with self._changed:
            if not hasattr(self._place, "last"):
                self._place.last = max(self._ticks - 1, 0)
        return super().wait_for_tick(timeout)


class PlaceByThreadName(_sound.PeriodicTimer):
    """P2: place by thread name."""

    def __init__(self, interval):
        super().__init__(interval)
        self._places = {}

    @property
    def _place(self):
        return self._places.setdefault(threading.current_thread().name, types.SimpleNamespace())

    @_place.setter
    def _place(self, value):
        pass


class DueRoundedToMilliseconds(_sound.PeriodicTimer):
    """P3: due rounded to milliseconds."""

    def _run(self):
        while True:
            with self._changed:
                if self._stopped:
                    return
                early = self._t0 + (self._ticks + 1) * self._interval - time.monotonic()
                if early > 0.0005:
                    self._changed.wait(early - 0.0004)
                else:
                    self._tick()


class SecondStopDoesNotWait(_sound.PeriodicTimer):
    """P5: second stop does not wait."""

    def stop(self):
        with self._changed:
            if self._stopped:
                return
        super().stop()


class DaemonIfStartedByMain(_sound.PeriodicTimer):
    """P11: daemon if started by main."""

    def _start(self):
        if self._stopped or self._thread is not None:
            raise RuntimeError
        self._t0 = time.monotonic()
        daemon = threading.current_thread() is threading.main_thread()
        self._thread = threading.Thread(target=self._run, daemon=daemon)
        self._thread.start()


class ExitStopsOnlyWithoutAnException(_sound.PeriodicTimer):
    """G2: exit stops only without an exception."""

    def __exit__(self, kind, raised, traceback):
        if kind is None:
            self.stop()


class ExitSwallows(_sound.PeriodicTimer):
    """G2: exit swallows."""

    def __exit__(self, kind, raised, traceback):
        self.stop()
        return True


class StopNotifiesOne(_sound.PeriodicTimer):
    """P6: stop notifies one."""

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify(2)
            thread = self._thread
        if thread is not None:
            thread.join()


class JoinGivesUp(_sound.PeriodicTimer):
    """P5: join gives up."""

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(0)


class TicksByTheClock(_sound.PeriodicTimer):
    """P1: ticks by the clock."""

    @property
    def ticks(self):
        with self._changed:
            if self._thread is None:
                return 0
            return max(
                self._ticks,
                math.ceil((time.monotonic() - self._t0) / self._interval)
                if not self._stopped
                else 0,
            )


class WaitBeforeStartRaises(_sound.PeriodicTimer):
    """P8: wait before start raises."""

    def wait_for_tick(self, timeout=None):
        if self._thread is None and not self._stopped:
            raise RuntimeError("not started")
        return super().wait_for_tick(timeout)


class IterationUsesTheThreadsPlace(_sound.PeriodicTimer):
    """P10: iteration uses the threads place."""

    def __iter__(self):
        with suppress(TimerStopped):
            while True:
                yield self.wait_for_tick()


class WaiterWakesAnIntervalLate(_sound.PeriodicTimer):
    """P4: waiter wakes an interval late."""

    def _wait(self, last, timeout=None):
        while self._ticks <= last and not self._stopped:
            if timeout is not None:
                return super()._wait(last, timeout)
            self._changed.release()
            try:
                time.sleep(self._interval / 3)
            finally:
                self._changed.acquire()
        return super()._wait(last, timeout)


class LateTickResetsT0(_sound.PeriodicTimer):
    """P1: late tick resets t0."""

    def _tick(self):
        super()._tick()
        late = time.monotonic() - (self._t0 + self._ticks * self._interval)
        if late > 1.5 * self._interval:
            self._t0 += late


class OneThreadForAllTimersStop(_sound.PeriodicTimer):
    """P2: one thread for all timers stop."""

    STOPPED = []

    def stop(self):
        super().stop()
        self.STOPPED.append(self)

    def _run(self):
        while True:
            with self._changed:
                if self._stopped or any(
                    type(one) is type(self) and one._interval == self._interval
                    for one in self.STOPPED
                ):
                    return
                early = self._t0 + (self._ticks + 1) * self._interval - time.monotonic()
                if early > 0:
                    self._changed.wait(early)
                else:
                    self._tick()


class NegativeTimeoutIsZero(_sound.PeriodicTimer):
    """G3: negative timeout is zero."""

    def wait_for_tick(self, timeout=None):
        if isinstance(timeout, int) and not isinstance(timeout, bool) and timeout < 0:
            timeout = 0
        return super().wait_for_tick(timeout)


class TimeoutLookedAtLast(_sound.PeriodicTimer):
    """G3: timeout looked at last."""

    def wait_for_tick(self, timeout=None):
        with self._changed:
            if self._stopped:
                raise TimerStopped
        return super().wait_for_tick(timeout)


class StopInIteratingThreadDeadlocks(_sound.PeriodicTimer):
    """P10: stop in iterating thread deadlocks."""

    def _after(self, last):
        with suppress(TimerStopped):
            while True:
                with self._changed:
                    self._wait(last)
                    last += 1
                    yield last


class TimeoutsCountedFromTheTick(_sound.PeriodicTimer):
    """P7: timeouts counted from the tick."""

    def _wait(self, last, timeout=None):
        if timeout:
            since = (
                (time.monotonic() - self._t0) % self._interval if self._thread is not None else 0
            )
            timeout = max(timeout - since, 0)
        super()._wait(last, timeout)


class StartedByTruth(_sound.CountdownTask):
    """T1, C2: started by truth."""

    def run(self, n, *, started=None):
        n = count("n", n)
        if started:
            signal(started)
        elif started is not None:
            methods("started", started, "set")
        return self._count_down(n)


class NotStartedIfTerminated(_sound.CountdownTask):
    """T5: not started if terminated."""

    def run(self, n, *, started=None):
        n = count("n", n)
        if self.terminated:
            return n
        signal(started)
        return self._count_down(n)


class TerminateToggles(_sound.CountdownTask):
    """T6: terminate toggles."""

    def terminate(self):
        if self._over.is_set():
            self._over.clear()
        else:
            self._over.set()


class TerminatedInItsThreadAlone(_sound.CountdownTask):
    """T3: terminated in its thread alone."""

    def __init__(self, *, interval=1.0, emit=print):
        super().__init__(interval=interval, emit=emit)
        self._own = threading.local()
        self._own.over = False

    @property
    def terminated(self):
        return getattr(self._own, "over", False)

    def terminate(self):
        self._own.over = True


class ReturnsWhatWasEmitted(_sound.CountdownTask):
    """T2: returns what was emitted."""

    def _count_down(self, n):
        return n - super()._count_down(n) if self.terminated or n == 0 else self._n(n)

    def _n(self, n):
        left = super()._count_down(n)
        return n - left if left else 0


class LeftIsOneTooFew(_sound.CountdownTask):
    """T2: left is one too few."""

    def _count_down(self, n):
        left = super()._count_down(n)
        return left - 1 if left > 2 else left


class FirstAnIntervalLate(_sound.CountdownTask):
    """C3: first an interval late."""

    def _count_down(self, n):
        first = time.monotonic()
        for k in range(n):
            self._wait_until(first + (k + 1) * self._interval)
            if self.terminated:
                return n - k
            self._emit(n - k)
        return 0


class SignalsTwice(_sound.CountdownTask):
    """C2: signals twice."""

    def run(self, n, *, started=None):
        left = super().run(n, started=started)
        signal(started)
        return left


class EmitsOnAfterFailure(_sound.CountdownTask):
    """C5: emits on after failure."""

    def _count_down(self, n):
        failure = None
        first = time.monotonic()
        for k in range(n):
            if self.terminated:
                return n - k
            try:
                self._emit(n - k)
            except Exception as error:
                failure = error
            self._wait_until(first + (k + 1) * self._interval)
        if failure:
            raise failure
        return 0


class ZeroIsEmitted(_sound.CountdownTask):
    """C1: zero is emitted."""

    def _count_down(self, n):
        left = super()._count_down(n)
        if not left:
            self._emit(0)
        return left


class TerminateWaitsForTheRun(_sound.CountdownTask):
    """T6: terminate waits for the run."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._running = threading.Lock()

    def run(self, n, *, started=None):
        with self._running:
            return super().run(n, started=started)

    def terminate(self):
        super().terminate()
        with self._running:
            pass


class TerminateOnceRaisesLater(_sound.CountdownTask):
    """T6: terminate once raises later."""

    def terminate(self):
        if self._over.is_set():
            raise RuntimeError("terminated before")
        self._over.set()


class ErrorsAddUpDownwards(_sound.CountdownTask):
    """C3: errors add up downwards."""

    def _count_down(self, n):
        due = time.monotonic()
        for k in range(n):
            if self.terminated:
                return n - k
            self._emit(n - k)
            due += self._interval
            self._wait_until(due)
        return 0


class FalsyEmitIsPrint(_sound.CountdownTask):
    """C1: falsy emit is print."""

    def __init__(self, *, interval=1.0, emit=print):
        super().__init__(interval=interval, emit=emit)
        self._emit = emit or print


class TimeoutZeroComesBackAsNone(_sound.IOTask):
    """I5: timeout zero comes back as none."""

    def run(self, sock, *, started=None):
        methods("sock", sock, "recv", "settimeout", "gettimeout")
        signal(started)
        before = sock.gettimeout()
        sock.settimeout(self._timeout)
        try:
            self._receive(sock)
        finally:
            with suppress(OSError):
                sock.settimeout(before or None)


class TimeoutBackOnlyIfAllIsWell(_sound.IOTask):
    """I6: timeout back only if all is well."""

    def run(self, sock, *, started=None):
        methods("sock", sock, "recv", "settimeout", "gettimeout")
        signal(started)
        before = sock.gettimeout()
        sock.settimeout(self._timeout)
        try:
            self._receive(sock)
        except Exception:
            sock.settimeout(before)
            raise
        sock.settimeout(before)


class BufsizeIgnored(_sound.IOTask):
    """I1: bufsize ignored."""

    def _poll(self, sock):
        self._bufsize = max(self._bufsize, 8192)
        return super()._poll(sock)


class EndIsHandled(_sound.IOTask):
    """I1: end is handled."""

    def _receive(self, sock):
        super()._receive(sock)
        if not self.terminated:
            self._handle(b"")


class ClosesTheSocket(_sound.IOTask):
    """I5: closes the socket."""

    def run(self, sock, *, started=None):
        super().run(sock, started=started)
        if hasattr(sock, "close"):
            sock.close()


class ReceivesBeforeItLooks(_sound.IOTask):
    """I4: receives before it looks."""

    def _receive(self, sock):
        while True:
            chunk = self._poll(sock)
            if chunk == b"":
                return
            if chunk is not None:
                self._handle(chunk)
            if self.terminated:
                return


class TwoMoreChunks(_sound.IOTask):
    """I7: two more chunks."""

    def _receive(self, sock):
        more = 2
        while more:
            if self.terminated:
                more -= 1
            chunk = self._poll(sock)
            if chunk == b"":
                return
            if chunk is not None:
                self._handle(chunk)


class WrapsWhatHandleRaises(_sound.IOTask):
    """I6: wraps what handle raises."""

    def _receive(self, sock):
        try:
            super()._receive(sock)
        except ValueError as error:
            raise RuntimeError("handle failed") from error


class InterruptedIsTheEnd(_sound.IOTask):
    """I6: interrupted is the end."""

    def _poll(self, sock):
        try:
            return super()._poll(sock)
        except ConnectionResetError:
            return b""


class WaitsFiveTimeouts(_sound.IOTask):
    """I3: waits five timeouts."""

    def run(self, sock, *, started=None):
        self._timeout, before = 1.5 * self._timeout, self._timeout
        try:
            super().run(sock, started=started)
        finally:
            self._timeout = before


class OneRunAtATimeIo(_sound.IOTask):
    """I2: one run at a time io."""

    LOCK = threading.Lock()

    def run(self, sock, *, started=None):
        with self.LOCK:
            super().run(sock, started=started)


class SettimeoutEachPollAfter(_sound.IOTask):
    """I1: settimeout each poll after."""

    def run(self, sock, *, started=None):
        methods("sock", sock, "recv", "settimeout", "gettimeout")
        signal(started)
        self._before = sock.gettimeout()
        sock.settimeout(self._timeout)
        try:
            self._receive(sock)
        finally:
            with suppress(OSError):
                sock.settimeout(self._before)


class NotStartedIfTerminatedIo(_sound.IOTask):
    """G4: not started if terminated io."""

    def run(self, sock, *, started=None):
        if self.terminated:
            return
        super().run(sock, started=started)


class IoTerminateRaisesAgain(_sound.IOTask):
    """G4: io terminate raises again."""

    def terminate(self):
        if self._over.is_set():
            raise RuntimeError
        super().terminate()


class CopyOfTheException(_sound.Start):
    """S2: copy of the exception."""

    def result(self, timeout):
        try:
            return super().result(timeout)
        except TimeoutError:
            raise
        except Exception as error:
            raise type(error)(*error.args) from None


class ExceptionsOnly(_sound.Start):
    """S2: exceptions only."""

    def _body(self):
        try:
            self._call()
        except Exception as error:
            if self._signalled.is_set():
                raise
            self._fail(error)
        else:
            if not self._signalled.is_set():
                self._fail(RuntimeError("the target returned without its signal"))
        finally:
            if not self._signalled.is_set():
                self._fail(RuntimeError("ended"))


class ReturnWithoutSignalIsAStart(_sound.Start):
    """S3: return without signal is a start."""

    def _body(self):
        try:
            self._call()
        except BaseException as error:
            if self._signalled.is_set():
                raise
            self._fail(error)
        else:
            self._signalled.set()


class LateErrorHasNoThread(_sound.Start):
    """S4: late error has no thread."""

    def result(self, timeout):
        try:
            return super().result(timeout)
        except TimeoutError as error:
            if hasattr(error, "thread"):
                del error.thread
            raise


class TimeoutTakesTheTargets(_sound.Start):
    """S4: timeout takes the targets."""

    def result(self, timeout):
        try:
            return super().result(timeout)
        except TimeoutError as error:
            error.thread = self.thread
            raise TimeoutError("late") from error


class NameDropped(_sound.Start):
    """S1: name dropped."""

    def __init__(self, target, args, kwargs, name, daemon):
        super().__init__(target, args, kwargs, None, daemon)


class DaemonDropped(_sound.Start):
    """S1: daemon dropped."""

    def __init__(self, target, args, kwargs, name, daemon):
        super().__init__(target, args, kwargs, name, False)


class DaemonInherited(_sound.Start):
    """S1: daemon inherited."""

    def __init__(self, target, args, kwargs, name, daemon):
        super().__init__(target, args, kwargs, name, daemon or threading.current_thread().daemon)


class KwargsDropped(_sound.Start):
    """S1: kwargs dropped."""

    def __init__(self, target, args, kwargs, name, daemon):
        super().__init__(target, args, {}, name, daemon)


class SignalByMainCounts(_sound.Start):
    """S1: signal by main counts."""

    def result(self, timeout):
        self.thread.start()
        if timeout is None and not self._signalled.wait(1e-3):
            return self.thread
        return self._rest(timeout)

    def _rest(self, timeout):
        if not self._signalled.wait(timeout):
            late = TimeoutError(f"no signal within {timeout} s")
            late.thread = self.thread
            raise late
        if self._failure is not None:
            self.thread.join()
            raise self._failure
        return self.thread


class SwallowsAfterTheSignal(_sound.Start):
    """S5: swallows after the signal."""

    def _body(self):
        with suppress(Exception):
            super()._body()


class ContextMissing(_sound.running):
    """R2: context missing."""

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        self._thread.join()
        if self._failure is not None and raised is None:
            raise self._failure


class TaskReplacesTheBlock(_sound.running):
    """R2: task replaces the block."""

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        self._thread.join()
        if self._failure is not None:
            raise self._failure


class ExceptionOnlyRunning(_sound.running):
    """R2: exception only running."""

    def _body(self):
        try:
            self._task.run(*self._args)
        except Exception as error:
            self._failure = error
        except BaseException:
            pass


class NoJoinIfRaised(_sound.running):
    """R1: no join if raised."""

    def __exit__(self, kind, raised, traceback):
        if isinstance(raised, GeneratorExit):
            self._task.terminate()
            return
        super().__exit__(kind, raised, traceback)


class TerminateOnlyTheLiving(_sound.running):
    """R1: terminate only the living."""

    def __exit__(self, kind, raised, traceback):
        if self._thread.is_alive():
            self._task.terminate()
        self._thread.join()
        if self._failure is not None:
            if raised is None:
                raise self._failure
            if raised is not self._failure:
                raised.__context__ = self._failure


class StartsAtConstruction(_sound.running):
    """R1: starts at construction."""

    def __init__(self, task, *args, name=None, daemon=False):
        super().__init__(task, *args, name=name, daemon=daemon)
        self._thread.start()

    def __enter__(self):
        return self._thread


class WaitsAMomentFirst(_sound.running):
    """R3: waits a moment first."""

    def __exit__(self, kind, raised, traceback):
        time.sleep(0.001)
        return super().__exit__(kind, raised, traceback)


class YieldsItself(_sound.running):
    """R1: yields itself."""

    def __enter__(self):
        super().__enter__()
        return self


class SuppressesTheBlock(_sound.running):
    """R2: suppresses the block."""

    def __exit__(self, kind, raised, traceback):
        super().__exit__(kind, raised, traceback)
        return kind is ValueError


class FailureRaisedOnlyAfterTermination(_sound.running):
    """R2: failure raised only after termination."""

    def __exit__(self, kind, raised, traceback):
        over = not self._thread.is_alive()
        self._task.terminate()
        self._thread.join()
        if self._failure is not None and not over:
            if raised is None:
                raise self._failure
            if raised is not self._failure:
                raised.__context__ = self._failure


class JoinWithTimeout(_sound.running):
    """R1: join with timeout."""

    def __exit__(self, kind, raised, traceback):
        self._task.terminate()
        self._thread.join(5)
        if self._failure is not None:
            if raised is None:
                raise self._failure
            if raised is not self._failure:
                raised.__context__ = self._failure


class TaskOfTheClass(_sound.running):
    """R1: task of the class."""

    def __init__(self, task, *args, name=None, daemon=False):
        super().__init__(task, *args, name=name, daemon=daemon)
        type(self).latest = task

    def __exit__(self, kind, raised, traceback):
        type(self).latest.terminate()
        self._thread.join()
        if self._failure is not None:
            if raised is None:
                raise self._failure
            if raised is not self._failure:
                raised.__context__ = self._failure
