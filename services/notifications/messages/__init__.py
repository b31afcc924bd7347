"""Reminders as data: alerts, the messages that carry them, and each attempt to hand one over."""
