"""The adapters of the ports: an embedded and a distributed one for each."""
