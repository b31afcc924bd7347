"""Measurements of single parts, each in this process."""
