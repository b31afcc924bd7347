"""The load generator, a process of its own: it must not share a processor's time account with what it measures."""
