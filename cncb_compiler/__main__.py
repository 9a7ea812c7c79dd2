"""`python -m cncb_compiler`: the same as `cncb`."""

from cncb_compiler.cli.main import main

main()
