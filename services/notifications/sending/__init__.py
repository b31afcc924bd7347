"""Handing messages over: the sender and its channels."""
