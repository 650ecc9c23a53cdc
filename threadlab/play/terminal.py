"""A game in a terminal, or in a pipe: a line is read for each choice."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from threadlab.play.game import CLOCK, End, Game, Line, Option, many
from threadlab.schedule import Schedule

KEYS = "a number, u to undo, e to the end by itself, r to begin again, q to quit"


def play(game: Game, read: Callable[[], str], write: Callable[[str], object]) -> None:
    """Until ``read`` returns a line with a q, or nothing, as at the end of a file."""
    write(f"Be the scheduler: {game.title}")
    write(game.task())
    write(game.known())
    taken: list[Option] = []
    told = 0  # how many of these
    _write_all(write, _said(game, game.opening))
    while True:
        for option in taken[told:]:
            _write_all(write, _said(game, option.lines))
        told = len(taken)
        place = _place(game, taken)
        _write_all(write, _asked(game, taken, place))
        line = read()
        word = line.strip().lower()
        if not line or word == "q":
            return
        options = () if isinstance(place, End) else game.decisions[place].options
        if word == "u" and taken:
            taken.pop()
        elif word == "r":
            taken.clear()
        elif word == "e" and options:
            while not isinstance(place, End):
                taken.append(game.decisions[place].options[0])
                place = _place(game, taken)
        elif word.isdecimal() and 0 < int(word) <= len(options):
            if options[int(word) - 1].to is None:
                write("Where that leads was not looked into.")
            else:
                taken.append(options[int(word) - 1])
        else:
            write(f"There is no {word!r} here: {KEYS}")
        if len(taken) < told:
            write("Taken back.")
            told = len(taken)


def _place(game: Game, taken: Sequence[Option]) -> int | End:
    """The decision that is due, or how it has ended."""
    place: int | End | None = game.end or 0
    if taken:
        place = taken[-1].to
    assert place is not None
    return place


def _said(game: Game, lines: Iterable[Line]) -> Iterator[str]:
    wide = max(map(len, game.threads))
    for line in lines:
        yield f"  {game.threads[line.thread]:{wide}}  {line.code}".rstrip()
        for note in line.notes:
            yield f"  {'':{wide}}    {note}"


def _asked(game: Game, taken: Sequence[Option], place: int | End) -> Iterator[str]:
    delays = sum(option.delays for option in taken)
    yield ""
    if isinstance(place, End):
        yield from _over(game, taken, place, delays)
        return
    yield f"Decision {len(taken) + 1}, {many(delays)} so far. Who goes on?"
    for number, option in enumerate(game.decisions[place].options, 1):
        who = "time passes" if option.thread == CLOCK else game.threads[option.thread]
        code = f": {option.code}" if option.code else ""
        costs = "a delay" if option.skip else "by itself"
        yield f"  {number}  {who}{code}   ({costs}; {option.leads})"
    yield f"{KEYS}:"


def _over(game: Game, taken: Sequence[Option], end: End, delays: int) -> Iterator[str]:
    if not end.failure:
        yield "It passed: nothing failed."
    else:
        yield f"It broke. {end.failure}"
        best = "It cannot be done with fewer."
        if game.fewest is not None and game.fewest < delays:
            best = f"It can be done with {many(game.fewest)}."
        yield f"With {many(delays)}. {best}"
    yield f"Again: {game.again} {_token(game, taken)}"
    yield f"{KEYS}:"


def _token(game: Game, taken: Sequence[Option]) -> Schedule:
    """The schedule that these options are."""
    delays = []
    place: int | End | None = 0
    for option in taken:
        assert isinstance(place, int)
        decision = game.decisions[place]
        if option.skip:
            delays.append((decision.step, decision.turn, option.skip))
        place = option.to
    return Schedule(delays)


def _write_all(write: Callable[[str], object], lines: Iterable[str]) -> None:
    for line in lines:
        write(line)
