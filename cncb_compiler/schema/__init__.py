"""The types of values: their notation, JSON Schema, and what fits what."""
