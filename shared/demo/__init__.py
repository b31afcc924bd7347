"""The demonstration: a sample region goes through the whole system over HTTP, in front of one's eyes. Loopback only."""
