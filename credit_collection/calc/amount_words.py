"""Amounts written out, as cheques and formal notices want them."""

from decimal import Decimal

from num2words import CONVERTER_CLASSES, num2words

# Between the units and the cents, in the languages whose sentence is built here.
_AND = {"fr": "et", "en": "and"}
# Units where the library has none, or leaves out their plural.
_UNITS = {
    ("en", "EUR"): (("euro", "euros"), ("cent", "cents")),
    ("fr", "GBP"): (("livre sterling", "livres sterling"), ("penny", "pence")),
    ("fr", "CHF"): (("franc suisse", "francs suisses"), ("centime", "centimes")),
    ("en", "CHF"): (("Swiss franc", "Swiss francs"), ("centime", "centimes")),
    ("fr", "USD"): (("dollar des États-Unis", "dollars des États-Unis"), ("cent", "cents")),
    ("en", "USD"): (("US dollar", "US dollars"), ("cent", "cents")),
}


def spell_amount(amount: Decimal, currency: str, language: str) -> str:
    """``amount`` with its currency, in words of ``language`` ("fr_FR"); empty where nobody taught the program how.

    ``currency`` is an ISO code of a currency with two decimals. French of France for all who read French: the
    library's Belgian and Swiss variants have faults.
    """
    language = language[:2].lower()
    if language not in CONVERTER_CLASSES or amount < 0 or amount != round(amount, 2):
        return ""
    if language not in _AND:
        return _spell_by_library(amount, currency, language)
    units, cents = divmod(int(amount * 100), 100)
    forms = _UNITS.get((language, currency)) or CONVERTER_CLASSES[language].CURRENCY_FORMS.get(currency)
    if not forms:
        return ""
    words = _count(units, forms[0], language)
    return f"{words} {_AND[language]} {_count(cents, forms[1], language)}" if cents else words


def _count(number, forms, language):
    singular = number <= 1 if language == "fr" else number == 1
    words = num2words(number, lang=language)
    # "deux millions d'euros", "un million de livres", but "deux millions cent euros".
    link = ""
    if language == "fr" and number and not number % 1_000_000:
        link = "d'" if forms[1][0] in "aeiou" else "de "
    return f"{words} {link}{forms[0 if singular else 1]}"


def _spell_by_library(amount, currency, language):
    try:
        return num2words(amount, lang=language, to="currency", currency=currency)
    # Each language of the library has its own way not to know a currency.
    except (NotImplementedError, KeyError, IndexError, TypeError, AttributeError):
        return ""
