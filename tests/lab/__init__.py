"""Tests of the laboratory itself, and of what the documents say."""
