"""Written text as it is said: numbers, dates, money, units, abbreviations, addresses; in English and in Chinese."""
