"""Tests of the list of erasures, and of finding names."""
