"""The region's rules of continuation: follow-ups, public ideas, sustainability, and its pipelines."""
