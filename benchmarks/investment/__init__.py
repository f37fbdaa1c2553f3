"""Plans of investment beside the same problem in HiGHS alone, linopy and PyPSA, each in a process of its own."""
