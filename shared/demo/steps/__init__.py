"""The steps of the demo, by what they show."""
