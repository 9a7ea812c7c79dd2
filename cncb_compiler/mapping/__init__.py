"""Mappings: JMESPath read, type-checked and compiled to Python."""
