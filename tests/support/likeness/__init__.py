"""Synthetic proposals: originals, edited copies, and others about the same matter."""
