"""What a storage project is worth: a project file or a study's project, its price years and its money, over members.

``terms.py`` draws what is said for each member, ``valuing.py`` joins lives (``run/life``) and money, ``money.py`` makes
the years that the finance engine reads, and ``telling.py`` says what came out.
"""
