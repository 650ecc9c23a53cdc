"""Searches schedules for one that fails, and makes it small."""
