"""Indicator catalogues as data: loading, checking, comparing and choosing them."""
