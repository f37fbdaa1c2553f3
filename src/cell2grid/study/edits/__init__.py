"""A study with parts left out and figures changed: paths in words, what refers to what, and the study that is left.

How what is left is drawn as before is in ``cell2grid.run.varied``.
"""
