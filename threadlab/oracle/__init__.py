"""Are these concurrent calls explained by some order of them?

An object whose methods mean something when they are called one after another needs no other law
than this: calls that overlap must look as if they had been made in some order. That is
*linearizability* (Herlihy and Wing, TOPLAS 1990), and what this room is for.

`operations` is what a user writes: which calls there are; on a command line `loading` finds them.
`calls` is a program of such calls, drawn by Hypothesis, as `check` asks for them; `shrinking`
shrinks it.
`running` executes one, in a simulated world or on real threads, and records a `history`.
`specification` says what an order of calls would have given, and `order` searches for one that
explains the history; neither of these knows of threads or of worlds. `report` puts in words that
there is none.

It owes to Lincheck (Koval et al., CAV 2023) the form, to qcheck-lin that programs are drawn and
shrunk, and to Line-Up (Burckhardt et al., PLDI 2010) two things: that the object itself, used by
one thread, is the specification, and what it means that a call never returns.
"""

EXAMPLES = 500
"""Programs of calls that are drawn by default: more of them find more than more schedules of each.
"""
