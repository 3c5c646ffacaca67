"""What is run: arms, parameters that vary, points, plans, and the design of all runs with their keys and seeds.

`arms` and `axes` say what may differ, `points` where a sweep is evaluated, `plan` reads a design file, and `design` is
the table of runs that all of them end in.  `user_strategies` takes a user's own code along.
"""
