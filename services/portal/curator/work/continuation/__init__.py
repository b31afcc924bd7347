"""Continuation: stages, follow-ups and use."""
