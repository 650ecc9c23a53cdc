"""Where a scenario runs that judges any implementation, and the guards, which each work alone.

`world` says what a world is, `real` and `simulated` are the two, `subjects` loads what is judged.
`sampling` executes a scenario under the schedules of an example, `drawing` is what Hypothesis
draws. On real threads `leaks` and `watchdog` guard, with what `stacks` knows of them.
"""
