"""What editors ask: findings, definitions, references, completion, mends. `server` alone knows the library."""
