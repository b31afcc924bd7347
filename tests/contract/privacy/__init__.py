"""Tests of personal data: found, corrected, erased, and not brought back by a restore."""
