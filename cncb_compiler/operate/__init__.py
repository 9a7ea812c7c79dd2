"""Acting on a running system, wherever it runs: publishing events, invoking functions, reading logs."""
