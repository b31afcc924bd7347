"""The providers that messages are handed to, one module for each, behind the port of `sending/channel.py`."""
