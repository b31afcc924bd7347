"""One innovation as its agency sees and changes it."""
