"""The JSON API of accounts, for operators."""
