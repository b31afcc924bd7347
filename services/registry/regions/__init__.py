"""Regional governments: their policies, deadlines, and what counts for a year."""
