"""`cncb lineage`: where a field comes from, where it goes, and who would break without it."""
