"""What is here is run by `tests/lab/test_reach.py`; some of it is named as pytest's own files."""

collect_ignore_glob = ["*"]
