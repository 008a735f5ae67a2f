"""Amounts written out, as an accountant would."""

from decimal import Decimal

import pytest

from calc.amount_words import spell_amount


class TestAmountsInWords:
    """Agreement, hyphens and plural are those of the language."""

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("0.00", "zéro euro"),
            ("1.00", "un euro"),
            ("1.01", "un euro et un centime"),
            ("80.00", "quatre-vingts euros"),
            ("200.00", "deux cents euros"),
            ("201.80", "deux cent un euros et quatre-vingts centimes"),
            ("1049.99", "mille quarante-neuf euros et quatre-vingt-dix-neuf centimes"),
            ("71000.00", "soixante et onze mille euros"),
            ("80000.00", "quatre-vingt mille euros"),
            ("1000000.00", "un million d'euros"),
            ("3000000.50", "trois millions d'euros et cinquante centimes"),
            ("1200000.00", "un million deux cent mille euros"),
        ],
    )
    def test_in_french(self, amount, words):
        assert spell_amount(Decimal(amount), "EUR", "fr_FR") == words

    @pytest.mark.parametrize(
        ("amount", "currency", "words"),
        [
            ("1.00", "EUR", "one euro"),
            ("1049.99", "EUR", "one thousand and forty-nine euros and ninety-nine cents"),
            ("0.50", "EUR", "zero euros and fifty cents"),
            ("300.00", "USD", "three hundred US dollars"),
            ("12.30", "GBP", "twelve pounds sterling and thirty pence"),
        ],
    )
    def test_in_english(self, amount, currency, words):
        assert spell_amount(Decimal(amount), currency, "en_US") == words

    def test_other_currencies_in_french(self):
        assert spell_amount(Decimal("1000000"), "GBP", "fr_FR") == "un million de livres sterling"
        assert spell_amount(Decimal("2.05"), "CHF", "fr_CH") == "deux francs suisses et cinq centimes"
        assert spell_amount(Decimal("71"), "USD", "fr_BE") == "soixante et onze dollars des États-Unis"

    def test_in_a_language_of_the_library(self):
        assert spell_amount(Decimal("1200.50"), "PLN", "pl_PL") == "tysiąc dwieście złotych, pięćdziesiąt groszy"

    def test_nothing_is_written_rather_than_something_wrong(self):
        assert spell_amount(Decimal("1200"), "EUR", "el_GR") == ""
        assert spell_amount(Decimal("1200"), "XPF", "fr_FR") == ""
        assert spell_amount(Decimal("1200"), "MAD", "de_DE") == ""
        assert spell_amount(Decimal("-1"), "EUR", "fr_FR") == ""
        assert spell_amount(Decimal("1.005"), "EUR", "fr_FR") == ""
