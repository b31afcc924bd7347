"""The forms of an innovation's continuation."""
