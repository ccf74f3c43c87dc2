"""What English shortens, and what it stands for."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "US$": ("US dollar", "US dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
"""Sign → one, many, a hundredth, hundredths."""
SCALES = {
    "k": "thousand", "m": "million", "b": "billion", "bn": "billion",
    **{word: word for word in ("thousand", "million", "billion", "trillion")},
}  # fmt: skip
UNITS = {
    "km/h": "kilometers per hour", "m/s": "meters per second", "mph": "miles per hour", "km": "kilometers",
    "m": "meters", "cm": "centimeters", "mm": "millimeters", "km²": "square kilometers", "m²": "square meters",
    "m³": "cubic meters", "ft": "feet", "in.": "inches", "yd": "yards", "mi": "miles", "kg": "kilograms",
    "g": "grams", "mg": "milligrams", "lb": "pounds", "lbs": "pounds", "oz": "ounces", "l": "liters", "L": "liters",
    "ml": "milliliters", "mL": "milliliters", "h": "hours", "hr": "hours", "hrs": "hours", "min": "minutes",
    "mins": "minutes", "s": "seconds", "sec": "seconds", "ms": "milliseconds", "Hz": "hertz", "kHz": "kilohertz",
    "MHz": "megahertz", "GHz": "gigahertz", "W": "watts", "kW": "kilowatts", "MW": "megawatts",
    "kWh": "kilowatt hours", "V": "volts", "mA": "milliamps", "kB": "kilobytes", "KB": "kilobytes",
    "MB": "megabytes", "GB": "gigabytes", "TB": "terabytes", "dB": "decibels", "px": "pixels", "ha": "hectares",
}  # fmt: skip
"""Behind a number."""
TITLES = {
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Prof": "Professor", "Gen": "General", "Capt": "Captain",
    "Lt": "Lieutenant", "Col": "Colonel", "Sgt": "Sergeant", "Rev": "Reverend", "Hon": "Honorable", "Sen": "Senator",
    "Gov": "Governor", "Mt": "Mount", "Ft": "Fort",
}  # fmt: skip
"""Before a name, with a full stop that ends no sentence."""
ABBREVIATIONS = {
    "etc": "et cetera", "dept": "department", "est": "established", "jr": "Junior", "sr": "Senior",
    "inc": "Incorporated", "ltd": "Limited", "co": "Company", "corp": "Corporation", "bros": "Brothers",
    "apt": "apartment", "jan": "January", "feb": "February",
    "mar": "March", "apr": "April", "aug": "August", "sept": "September", "oct": "October", "nov": "November",
    "dec": "December",
}  # fmt: skip
"""With a full stop that may also end a sentence."""
WITHIN_SENTENCES = {
    "e.g": "for example", "i.e": "that is", "vs": "versus", "approx": "approximately", "cf": "compare", "ca": "circa",
}  # fmt: skip
"""With a full stop that ends no sentence."""
NUMBER_OF = {
    "no": "number", "p": "page", "pp": "pages", "vol": "volume", "fig": "figure", "ch": "chapter", "sec": "section",
}  # fmt: skip
"""Before a number."""
NUMBERED = (
    "Chapter", "Part", "Act", "Scene", "Volume", "Book", "Section", "Article", "War", "Phase", "Type", "Class",
    "Episode", "Level", "Season", "Appendix", "CHAPTER", "PART", "ACT", "SCENE",
)  # fmt: skip
"""Before a Roman numeral that is read as a number: Chapter IV."""
REGNAL = (
    "Henry", "Louis", "George", "Edward", "Elizabeth", "Charles", "James", "William", "Richard", "Philip", "Pius",
    "Paul", "Benedict", "Napoleon", "Catherine", "Peter", "Alexander", "Nicholas", "Francis", "Frederick", "Mary",
    "Gregory", "Leo", "Ramses", "Ferdinand", "Gustav", "Christian", "Victoria", "John", "Ivan", "Rudolf",
)  # fmt: skip
"""Names before a Roman numeral that is read as an ordinal: Henry VIII."""
SYMBOLS = {
    "&": "and", "+": "plus", "=": "equals", "@": "at", "#": "number", "×": "times", "÷": "divided by", "%": "percent",
    "°": "degrees", "§": "section", "<": "less than", ">": "greater than", "≈": "about", "≤": "at most",
    "≥": "at least", "±": "plus or minus", "$": "dollar", "£": "pound", "€": "euro",
}  # fmt: skip
