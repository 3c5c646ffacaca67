"""The analyses: a folder for each, with its spec and result, what it finds, its figures and its report."""
