"""The machinery: worlds, the loader of subjects, the leak guard, the watchdog. No tests.

It knows no primitive by name: what a subject must offer, and what must hold of it, is said
by the tests that use it.
"""

__version__ = "0.1.0"
