"""JSON documents: read as a stream of values, and the formats that are made of it."""
