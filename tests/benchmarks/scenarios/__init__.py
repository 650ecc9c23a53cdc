"""Scripts to run: ordinary ``threading`` and ``time``, of no tool."""
