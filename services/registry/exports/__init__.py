"""What leaves the registry: the ready package for the national round, and tables."""
