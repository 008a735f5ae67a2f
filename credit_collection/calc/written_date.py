"""Dates written out in letters and e-mails, as the languages write them."""

FIRST_DAY = "1 "


def write_first_day(text: str, lang: str | None) -> str:
    """A date beginning with its day, in French with "1er": Unicode's locale data write "1 décembre"."""
    if (lang or "").startswith("fr") and text.startswith(FIRST_DAY):
        return f"1er {text.removeprefix(FIRST_DAY)}"
    return text
