"""Handlers as text: one module of builders for each way of being called."""
