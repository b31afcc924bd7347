"""The store and the files on MongoDB; only this package imports its driver."""
