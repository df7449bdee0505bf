"""The filter as it is typed, and the palette."""
