"""The plan pass: what each construct becomes, as functions, stores and permissions."""
