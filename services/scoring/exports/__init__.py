"""Files for download: workbooks, tables, PDF. They show stored data only; nothing is computed here that the HTTP
answers do not show."""
