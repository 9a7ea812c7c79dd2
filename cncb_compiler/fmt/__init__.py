"""The canonical layout of topology YAML: what `cncb fmt` leaves."""
