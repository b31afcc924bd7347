"""A made-up planning office's workbook: 31 agencies, 60 innovations of three years, contacts and commitments, typed as
offices type, with typing errors; and the recap of it, worked out by hand. Synthetic: no real person or score."""
