"""The version of cell2grid, which every run folder names."""

__version__ = "0.1.0"
