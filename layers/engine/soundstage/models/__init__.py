"""Contracts shared by the API, the functions, the worker and the command line. Imports nothing of ours."""
