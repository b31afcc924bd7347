"""The registry's commands. They run where its data is, with the rights of the region's curator."""
