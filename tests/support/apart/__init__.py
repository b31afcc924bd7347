"""Two regions in one process, for the tests that nothing of one reaches the other."""
