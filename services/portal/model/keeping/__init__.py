"""How events are kept: a batch at a time, then counted."""
