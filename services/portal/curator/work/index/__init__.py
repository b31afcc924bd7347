"""The regional index: SPD entries and what-if questions."""
