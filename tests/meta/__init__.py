"""Tests of the harness itself, and of what the documents say."""
