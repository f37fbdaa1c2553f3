"""Assets to PyPSA networks and back, as the folders of tables that PyPSA reads and writes."""
