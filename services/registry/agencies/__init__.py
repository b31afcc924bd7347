"""Agencies of a region."""
