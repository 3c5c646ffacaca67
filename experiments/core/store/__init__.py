"""Where results are kept: a folder that is whole at every moment, whatever happens to the processes that write it."""
