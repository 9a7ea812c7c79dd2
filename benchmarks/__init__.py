"""Measures of cncb beside a floor and the field's own tools: `python -m benchmarks`."""
