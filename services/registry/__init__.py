"""The registry service: regions, agencies, innovations and their evidence."""
