"""Soundstage: a serverless media studio."""
