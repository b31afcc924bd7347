"""The demo: every step of a year with a sample region, over HTTP, on loopback."""
