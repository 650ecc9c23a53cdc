"""What stands in for the modules of C that touch threads, time or the system; a file for each."""
