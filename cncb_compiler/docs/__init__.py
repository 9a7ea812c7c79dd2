"""Documentation that is made from the code and the example topologies."""
