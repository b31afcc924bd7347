"""Agencies, innovations, evidence: the book of record."""
