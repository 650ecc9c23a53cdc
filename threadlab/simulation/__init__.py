"""The simulated world: one OS thread, a virtual clock, and a schedule that is data.

From the bottom up: `kernel` knows tasks, the clock and steps; `modules` are the fakes, which
stand at the bottom of Python's own ``threading``; `network` is what sockets and pipes stand on;
`project` says what is code under test; `instrument` puts steps into that; `importer` loads all of
it on top of the fakes, by the rule that `policy` applies and for which `imports` reads code;
`recording` is told what is accessed; `mutation` leaves out what it is told to; `snapshot` has the
modules as they were, `system` what is in ``sys``, and `garbage` sees to finalisers. `simulation`
holds it all together: who uses this room begins there.

Beside them: `frames` tells the frames of the code under test from ours, `inspection` looks at
objects without running their code, `interruption` sees to Ctrl-C, `escapes` sees what gets out,
`repetition` finds out that an execution never ends, and `determinism` that the same schedule is the
same execution.
"""
