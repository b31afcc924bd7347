"""Killed while people are told."""
