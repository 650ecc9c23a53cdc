"""Puts steps into the code under test."""
