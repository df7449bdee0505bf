"""One test in full, and the texts that it is made of."""
