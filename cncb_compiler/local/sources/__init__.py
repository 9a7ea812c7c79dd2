"""Event source mappings of the local machine: what reads streams and queues, and invokes functions with batches."""
