"""What every mechanism stands on: random numbers, growing tables, accounts, files, errors."""
