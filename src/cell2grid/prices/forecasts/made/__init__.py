"""The built-in forecasts: one file each, with ``WORDS`` and ``maker(known)``; found by themselves."""
