"""Indicator catalogues as data, and scorecards."""
