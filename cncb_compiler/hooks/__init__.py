"""Hooks: the logic that a declaration cannot say, written by the team in Python beside its YAML."""
