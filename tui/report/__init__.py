"""The same facts once, as text or JSON. A sibling of the view over the same Store; counts nothing."""
