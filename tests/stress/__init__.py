"""Real threads under load: many, for long, while the CPUs are busy and the switches frequent.

``pytest tests/stress --count=N`` repeats each test N times. What is asserted are laws, the same
as in the properties, at a scale and a disorder that a single example there does not reach.
"""
