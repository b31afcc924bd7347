"""Speed and memory, as ratios within one run: the machines that run them are noisy."""
