"""Random histories by a seed: regions, agencies, innovations, people and providers."""
