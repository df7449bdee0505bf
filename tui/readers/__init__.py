"""One format a file: bytes -> events. A reader knows its format and nothing of the Store or of others."""
