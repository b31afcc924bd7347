"""Printed pages that services share. They show what they are given; nothing is computed here."""
