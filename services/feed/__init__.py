"""The newest event of each subject, for other systems."""
