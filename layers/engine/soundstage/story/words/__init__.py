"""Word tables, English and Chinese side by side: what a word of a story means for a picture.

An entry is words with spaces between; an underscore stands for a space inside a phrase. A tilde before an English word
says that it is as often a verb: it counts only where an article, an adjective or a preposition stands before it.
"""
