"""The life of a process: services, engines, loops, health."""
