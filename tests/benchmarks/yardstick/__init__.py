"""Programs with known bugs, and mended ones: ordinary ``threading``, of no tool."""
