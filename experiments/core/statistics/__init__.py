"""What can be concluded from paired runs, and what the outcomes are: pure functions of arrays and names."""
