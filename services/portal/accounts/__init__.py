"""Accounts of people, their sessions, and the tokens with which the portal speaks for them to the other services."""
