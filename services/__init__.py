"""The services. Each imports `shared` and itself, never another; all that passes between them is an event."""
