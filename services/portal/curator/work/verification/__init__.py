"""Verification: the queue, one submission row by row, and the curator's decisions."""
