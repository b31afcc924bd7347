"""The recap of a region's year for the Sekda, and the facts of one agency's year. They show what is known; nothing is
decided here."""
