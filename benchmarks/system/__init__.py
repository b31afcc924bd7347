"""The system under measurement: its servers, its processes, and the data that a run begins with."""
