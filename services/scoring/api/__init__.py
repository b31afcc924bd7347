"""The HTTP routes of scoring."""
