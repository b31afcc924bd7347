"""Files for download that services share: printed pages and workbooks. They show what they are given; nothing is
computed here."""
