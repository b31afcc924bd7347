"""The interfaces to the outside: store, bus and files."""
