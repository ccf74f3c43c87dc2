"""Who is in a story, what they look like, and who is meant by a name, a noun or a pronoun."""
