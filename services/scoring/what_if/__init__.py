"""Questions about scores that are not stored: other levels, the next predicate."""
