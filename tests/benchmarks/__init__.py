"""How fast the simulated world is, beside the peers and as scenarios grow."""
