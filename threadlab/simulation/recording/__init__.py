"""What tasks do to what they share; `accesses` is told, and passes it on to the others."""
