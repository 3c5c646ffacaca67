"""Adapters: the model, its parameters and its sweeps as the EMA workbench and SALib want them."""
