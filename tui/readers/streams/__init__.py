"""Streams: formats that are written line by line while tests run, and their frames."""
