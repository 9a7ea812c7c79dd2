"""What is wrong with a system: one rule a file, whose docstring is its documentation."""
