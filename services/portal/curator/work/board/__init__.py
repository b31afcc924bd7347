"""The compliance board: every agency and year."""
