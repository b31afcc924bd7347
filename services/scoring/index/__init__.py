"""The regional index: rounds, SPD entries and the document that holds the result."""
