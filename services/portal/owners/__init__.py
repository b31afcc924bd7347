"""Asks the services that own a fact, and sends them commands, in the name of the person who is signed in."""
