"""The simulated world: one OS thread, a virtual clock, and a schedule that is data.

From the bottom up: `kernel` knows tasks, the clock and steps; `fake_thread`, `fake_time` and
`fake_socket` are the three modules at the bottom of Python's own ``threading``; `importer`
loads that, and the subject, on top of them; `instrument` puts the steps into the subject;
`schedule` is what departs from the ordinary run; `world` holds it all together.
"""
