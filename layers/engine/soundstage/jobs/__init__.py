"""The one mechanism for "start": jobs, what they depend on, and their release. No AWS in here: ports are Protocols."""
