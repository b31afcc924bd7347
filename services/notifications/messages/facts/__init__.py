"""Reads from the store what the texts of messages need."""
