"""What stands in for the modules of C that touch threads, time or the system; a file for each.

Each has `make`, which makes the module for a kernel. `TAKEN` names what is that of the real module,
`REFUSED` what is not there; all other public names are implemented, and no more than the real one
has. What of it changes and would outlast an execution is in the dict `STATE` of the module, and is
put back with all the rest.
"""

STATE = "__state__"
