"""The store and the evidence files on MongoDB; only this package imports its driver."""
