"""One module for each kind of page: pure functions from what is known to what the page says."""
