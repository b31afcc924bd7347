"""Choosing one agency of a region, in forms and filters: from a list of few, else by searching."""
