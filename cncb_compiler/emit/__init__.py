"""From plans to files: handlers, mappings, unit tests, README."""
