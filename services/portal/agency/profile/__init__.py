"""The profile of an innovation: its questions, step by step, and how a step is saved."""
