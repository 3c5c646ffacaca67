"""The laboratory's instruments: design, execution, store, statistics, comparison, plots and report."""
