"""The language: frozen pydantic models, one concept a file, and reading them from YAML values."""
