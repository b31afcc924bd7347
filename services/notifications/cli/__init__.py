"""The satu commands of notifications."""
