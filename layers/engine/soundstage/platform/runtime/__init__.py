"""What runs steps and tasks: Lambda steps, the worker and its task processes."""
