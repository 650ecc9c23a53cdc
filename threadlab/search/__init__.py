"""From a program to the smallest schedule under which it fails.

`explore` makes executions until one fails, `minimise` makes its schedule small, `result` is what
was found, and `watch` ends a search that would not end. `mutate` makes a search for each thing that
can be left out of a program. Which schedules there are to choose from stands in
`threadlab.strategies`.
"""
