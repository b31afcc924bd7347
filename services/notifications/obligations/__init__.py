"""An agency's duty for a year: what is known, what follows from it, who is exempted."""
