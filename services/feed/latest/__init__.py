"""The newest event of each subject: how events get their places, and how they are read in that order."""
