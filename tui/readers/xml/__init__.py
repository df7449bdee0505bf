"""XML: a hardened, repairing stream of elements, and the formats that are made of it."""
