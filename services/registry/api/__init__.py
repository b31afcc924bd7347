"""The registry's routes, a file per resource."""
