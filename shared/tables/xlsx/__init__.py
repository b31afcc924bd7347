"""Reads workbooks (XLSX) as a stream, whatever they claim of themselves."""
