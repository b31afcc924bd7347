"""Reminders that a curator sends by hand, from the board."""
