"""What providers tell about a channel itself, and what follows."""
