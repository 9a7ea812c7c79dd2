"""`cncb docs`: the catalogue of a system. What makes this repository's own documentation is `cncb_compiler.docs`."""
