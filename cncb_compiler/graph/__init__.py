"""Linking: references resolved, mappings typed, fields traced, into one linked system."""
