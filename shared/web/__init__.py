"""HTTP: the application, its guard and middleware, problems, uploads and downloads."""
