"""A package, so that its browser ends with its tests (pytest's scope `package`)."""
