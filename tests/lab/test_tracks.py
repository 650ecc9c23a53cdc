"""Tracks are what a replay of the events has."""

from tests.lab import timelines
from tests.lab.timelines import replayed
from threadlab.reports.rows import rows
from threadlab.reports.tracks import tracks


def test_tracks_are_what_a_replay_of_the_events_has():
    for timeline in (timelines.flag(), timelines.large(400, 9)):
        chosen = rows(timeline)
        found = tracks(timeline, chosen)
        for number, after in enumerate(replayed(timeline, chosen)):
            last = {
                location: [value for value in track if value.row <= number][-1].value
                for location, track in found.values.items()
                if track[0].row <= number
            }
            assert last == after["values"]
            held = {
                (holding.lock, holding.thread)
                for holding in found.holdings
                if holding.first <= number and (holding.last is None or number < holding.last)
            }
            assert held == after["locks"]
