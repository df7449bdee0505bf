"""Lists of any length, and their rows."""
