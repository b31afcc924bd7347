"""The web portal: what people see and do, from its own read model."""
