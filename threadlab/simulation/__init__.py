"""The simulated world: one OS thread, a virtual clock, and a schedule that is data.

From the bottom up: `kernel` knows tasks, the clock and steps; `modules` are the fakes, which
stand at the bottom of Python's own ``threading``; `importer` loads that, and the code under test,
on top of them; `instrument` puts steps into the code under test; `recording` is told what is
accessed; `snapshot` has the modules as they were; `simulation` holds it all together.
"""
