"""Canonical layout of topology YAML."""
