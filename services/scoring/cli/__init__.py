"""The commands that scoring brings to `satu`: one room for each family, each with a function ``commands(app)``."""
