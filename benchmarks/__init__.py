"""Speed and memory of a week, beside the same complaint toy in plain Mesa: `python -m benchmarks`."""
