"""Places of innovations and regions, competitions, and frozen rankings."""
