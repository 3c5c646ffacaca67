"""How it is run: jobs, executors, progress.  Nothing here can change a result."""
