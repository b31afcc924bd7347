"""One innovation's scorecard: rows, levels, explanations, and its document."""
