"""What `satu import` and `satu export` do with each sheet, as clients of the services."""
