"""The portal's read model on a store, told by events of a small region."""
