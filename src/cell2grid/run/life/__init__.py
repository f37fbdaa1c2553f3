"""The life of a store: its schedule year by year at that year's prices, the wear of its cells, what is added to it.

``case.py`` holds the plain numbers of a life and of what came of it, ``life.py`` runs one or many, ``path.py`` walks
the years, and ``wear.py`` finds the wear cost that schedules and cells agree on. All other money is in ``run/worth``.
"""
