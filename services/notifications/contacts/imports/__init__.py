"""Imports of contacts from the tables of an office, with reports, waiting until their agencies are known."""
