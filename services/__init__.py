"""The services. Each imports `shared` and itself only; services exchange events."""
