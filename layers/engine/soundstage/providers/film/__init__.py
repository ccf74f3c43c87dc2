"""Who makes the parts of a film: our own embedded crew, and adapters to models that people configure."""
