"""Rankings of innovations: live, by competition, and frozen."""
