"""The two adapters of each port: embedded and distributed."""
