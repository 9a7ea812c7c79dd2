"""What is wrong with a system: the finding, its configuration, suppression and display."""
