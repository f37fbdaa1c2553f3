"""A project asked many times: at each size, with each figure moved by itself, with its spread shared out by source.

``size.py`` maps sizes and ``best_size.py`` searches them, ``tornado.py`` moves one figure at a time, ``shares.py``
gives Sobol indices, and ``alike.py`` runs the lives that many of these questions have in common once.
"""
