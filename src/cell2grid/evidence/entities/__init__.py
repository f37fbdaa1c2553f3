"""The names that claims use and no gazetteer has: listed with likely matches, and decided about by a reviewer."""
