"""Erasures of personal data (UU 27/2022): the list that no restore overwrites, and what each service has done of it."""
