"""Scoring what is stored again, under another catalogue."""
