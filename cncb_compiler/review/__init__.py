"""What a reviewer of a change sees: one comment with the differences, the findings and a picture."""
