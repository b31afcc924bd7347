"""Forms that are saved while others may be editing the same innovation."""
