"""The rooms of the command line. Each has one function ``commands(app)``."""
