"""What is looked for among the tests: the language of filters, what it finds, and how it is completed."""
