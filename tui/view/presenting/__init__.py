"""The facts for a room."""
