"""Imports of tables: agencies, innovations, commitments."""
