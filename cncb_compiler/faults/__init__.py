"""The faults that the monitor keeps: found, shown, and their records sent again."""
