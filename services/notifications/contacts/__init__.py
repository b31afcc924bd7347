"""Contacts of the agencies. Phone numbers and mail addresses are stored here only."""
