"""Tests of what the services say of personal data."""
