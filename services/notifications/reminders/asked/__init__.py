"""Reminders that a curator asks for by hand."""
