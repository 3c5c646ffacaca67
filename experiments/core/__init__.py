"""What every analysis needs: design, runs, store, statistics and specs; knows no analysis."""
