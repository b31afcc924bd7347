"""Hands messages over: the sender, its channels, and their settings."""
