"""Be the scheduler: whoever plays says at each decision who goes on, until it breaks or ends.

`explore` finds all that can come of it, as far as the scenario is small enough, and `game` is that
as data, with nothing of the laboratory in it. `page` and `terminal` are two ways to play it.
"""
