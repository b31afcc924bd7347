"""Bad input to the pages of the portal."""
