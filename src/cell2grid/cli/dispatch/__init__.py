"""The command ``dispatch``: one battery on a price file, with its site, with or without foresight, with reserve.

``command`` registers it; ``options`` are its options by help panel, ``prices``, ``asset`` and ``site`` make the case
of them, ``methods``, ``foresight`` and ``reserve`` answer it, ``words`` and ``files`` show and write what came out.
"""

from cell2grid.cli.dispatch.command import register

__all__ = ["register"]
