"""The store and the bus on SQLite, for the embedded default."""
