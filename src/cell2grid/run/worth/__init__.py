"""What a storage project is worth over its life: its schedule year by year as its cells wear, its money, its spread.

``case.py`` holds the plain numbers of a life, ``life.py`` runs it, ``terms.py`` draws what a project file or a study
says for each member, ``valuing.py`` joins life and money, and ``size.py`` and ``sensitivity.py`` ask it many times.
"""
