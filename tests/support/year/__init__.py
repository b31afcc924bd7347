"""A year of random histories for notifications, and an independent naive recomputation of every hand-over."""
