"""New systems and declarations that compile, for `cncb new`."""
