"""Tables of offices: read from CSV and XLSX into typed cells, written as workbooks and CSV, with one list of
columns."""
