"""What the best published searches need on programs of the yardstick, to stand beside ours.

The medians of executions to the first failure, in 20 trials of at most 10,000 executions, and of
1,000,000 for SafeStack; where most trials found nothing, how many found it. SURW's and PCT's (of
depth 3) were computed from the artifact of "Selectively Uniform Concurrency Testing" (ASPLOS
2025); RFF's are from "Greybox Fuzzing for Concurrency Testing" (ASPLOS 2024).
"""

SEARCHES = ("SURW", "PCT", "RFF")

EXECUTIONS = {
    "account": ("4", "4", ""),
    "lazy01": ("2", "5", ""),
    "reorder_3": ("4", "130", "4"),
    "reorder_5": ("6", "606", "4"),
    "reorder_10": ("18", "16 of 20", "4"),
    "reorder_20": ("4", "1,990", "4"),
    "reorder_50": ("12", "6 of 20", "4"),
    "reorder_100": ("112", "none", "4"),
    "safestack": ("204,071", "none", ""),
    "token_ring": ("7", "6", ""),
    "twostage": ("6", "8", ""),
    "twostage_20": ("5", "83", "6"),
    "twostage_50": ("16", "1,169", "14"),
    "twostage_100": ("272", "3 of 20", "23"),
}
"""By program, in the order of `SEARCHES`; empty where none is published."""
