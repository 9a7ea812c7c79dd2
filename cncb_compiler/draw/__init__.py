"""Pictures of the event graph: one small picture model, one module for each format."""
