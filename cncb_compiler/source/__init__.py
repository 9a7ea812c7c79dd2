"""The text of a system: YAML 1.2, found and read, with places that are looked up only when asked for."""
