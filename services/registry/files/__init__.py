"""The registry's evidence files: what may be uploaded, how much, and what is removed again."""
