"""The public contracts: one file per event, the closed lists, and who hears what. Declared data, no personal data."""
