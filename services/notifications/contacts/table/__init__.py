"""A table of contacts in CSV: its columns, its cells, and the persons that it names."""
