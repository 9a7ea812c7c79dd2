"""What generated functions share. Each package holds only the modules that it uses, as `cncb_runtime`.

Imports the standard library, and boto3 where it is first needed; nothing of the compiler.
"""
