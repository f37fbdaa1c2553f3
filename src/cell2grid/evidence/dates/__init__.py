"""From words about time to days: the grammar, the calendar, and which days are the period of a figure."""
