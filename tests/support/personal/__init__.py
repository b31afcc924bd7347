"""Texts about persons, planted in every field that takes free text, to be searched for where none may be."""
