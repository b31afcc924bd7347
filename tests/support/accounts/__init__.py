"""Accounts at work over a store, without a process."""
