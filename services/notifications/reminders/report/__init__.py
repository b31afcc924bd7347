"""The weekly report to curators and executives, and its forecast."""
