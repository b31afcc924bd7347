"""Doubles around the relay."""
