"""Puts steps into the code under test: `steps`, when; `records`, what is told; `sites`, of what."""
