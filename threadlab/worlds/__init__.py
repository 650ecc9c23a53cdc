"""Where a scenario runs, the real world or the simulated one, and the guards of the real one."""
