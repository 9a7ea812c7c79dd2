"""How compiled output reaches the disk: only what changed, all of it or nothing, never over others' work."""
