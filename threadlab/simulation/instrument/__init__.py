"""Puts steps into the code under test.

`steps` says where there is one; `records`, how what is accessed is told; `shared_names`, which
names threads could share; `sites`, which place in the code a step is of; `mutants`, what can be
left out; `nodes` are its tools.
"""
