"""The curator's area, `/kurator`."""
