"""What others read of a study or a run, and what comes back: IAMC tables, Excel books and PyPSA networks.

IAMC is ``iamc.py`` with the names in ``iamc.yaml``; books are ``run_book.py`` and ``figures_book.py``; the study's
markets as a network are ``network.py``. A storage asset as a network is ``cell2grid.study.pypsa``.
"""
