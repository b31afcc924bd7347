"""Synthetic letters for the pre-check, with planted defects."""
