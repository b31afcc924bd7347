"""The audit log of a service: read, sealed by days, verified. The store writes entries, the relay moves them."""
