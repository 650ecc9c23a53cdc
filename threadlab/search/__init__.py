"""From a program to the smallest schedule under which it fails.

`explore` searches until an execution fails, `executions` makes them, in their order, and `parallel`
does so in several processes; `minimise` reduces the schedule, `why` says which order of
accesses makes it fail, `result` is what was found, and `watch` ends a search that would not end.
`merge` puts together what parts of a search have found. `mutate` makes a search for each thing that
can be left out of a program. Which schedules there are to choose from stands in
`threadlab.strategies`.
"""
