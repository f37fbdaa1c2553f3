"""``python -m cell2grid``."""

from cell2grid.cli import main

if __name__ == "__main__":
    main()
