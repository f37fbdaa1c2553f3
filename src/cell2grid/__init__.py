"""The public names of cell2grid."""

__version__ = "0.1.0"
