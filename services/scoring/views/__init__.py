"""The answers of the HTTP interface, made from documents and computed values."""
