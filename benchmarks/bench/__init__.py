"""What the publication costs at any size: `make bench` and, for what can be counted exactly, `make bench-short`."""
