"""What leaves scoring as a file: workbooks, tables, printed pages. All of it is read from what is kept; nothing is
computed here that the answers over HTTP do not say."""
