"""The Textual app: the only part that imports Textual. Data down, messages up; it counts nothing."""
