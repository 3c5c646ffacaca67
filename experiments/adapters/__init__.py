"""Adapters: the model, its parameters and its sweeps as other programs of the field want them.

A researcher who works with the EMA workbench or with SALib need not learn this laboratory to use the model.  What both
want is made from the declared parameters: `names` says which vary and what they are called there, `workbench` makes
a model of the EMA workbench, `results` gives it a sweep that has been run here, and `salib` makes a problem of SALib.
"""
