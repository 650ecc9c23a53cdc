"""Mutation testing: whether the laws would notice if ``threadprims`` were a little different.

A test that checks nothing passes, and coverage does not tell. Here each operator, number,
condition and statement of ``threadprims`` is changed in turn, and the suite must fail; where it
does not, a law or a generator is missing, or the change makes no difference, and then
``equivalents.toml`` says why. ``tox -e mutation`` runs it.
"""
