"""Changes of jobs over WebSockets, on AWS and on a laptop."""
