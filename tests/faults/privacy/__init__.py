"""Faults while personal data is erased."""
