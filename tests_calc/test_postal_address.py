"""Addresses as the post reads them: six lines of 38 characters."""

import pytest

from calc.postal_address import Problem, Trouble, abbreviate, find_problems, lay_out, propose


class TestTheLinesOfAnEnvelope:
    """From the person to the town, nothing blank, nothing between words from the street on."""

    def test_french_address(self):
        assert lay_out(
            ["Menuiserie Durand", "Service comptabilité"], ["12, rue de la République", "69002 Lyon"], "Lyon"
        ) == ("Menuiserie Durand", "Service comptabilité", "12 rue de la République", "69002 LYON")

    def test_signs_go_from_the_street_on_and_stay_in_names(self):
        lines = lay_out(["Durand, Père & Fils (S.A.R.L.)"], ["Z.I. Nord ; lot 3.", "69002 Lyon."], "Lyon")
        assert lines == ("Durand, Père & Fils (S.A.R.L.)", "Z.I Nord lot 3", "69002 LYON")

    def test_hyphens_and_apostrophes_are_part_of_names(self):
        lines = lay_out(["A"], ["3 rue de l'Église", "42000 Saint-Étienne"], "Saint-Étienne")
        assert lines == ("A", "3 rue de l'Église", "42000 SAINT-ÉTIENNE")

    def test_building_above_the_street_and_box_below_it(self):
        lines = lay_out(["A"], ["BP 12", "4 rue des Lilas", "Bâtiment C", "38000 Grenoble"], "Grenoble")
        assert lines == ("A", "Bâtiment C", "4 rue des Lilas", "BP 12", "38000 GRENOBLE")

    def test_abroad_the_lines_keep_their_order_and_the_country_comes_last(self):
        lines = lay_out(["Müller GmbH"], ["Residenz", "Hauptstr. 1", "80331 München"], "München", "Allemagne", False)
        assert lines == ("Müller GmbH", "Residenz", "Hauptstr 1", "80331 MÜNCHEN", "ALLEMAGNE")

    def test_a_long_name_takes_two_lines(self):
        lines = lay_out(
            ["Société coopérative agricole des producteurs de lait du Vercors"], ["38000 Grenoble"], "Grenoble"
        )
        assert lines == ("Société coopérative agricole des", "producteurs de lait du Vercors", "38000 GRENOBLE")

    def test_the_postcode_comes_before_the_town_overseas_too(self):
        assert lay_out(["A"], ["1 rue X", "Saint-Denis 97400"], "Saint-Denis") == ("A", "1 rue X", "97400 SAINT-DENIS")

    def test_blank_lines_and_double_spaces_are_left_out(self):
        assert lay_out(["A  B"], ["", "  ", "1  rue  X", "75001 Paris"], "Paris") == ("A B", "1 rue X", "75001 PARIS")


class TestAbbreviations:
    """Only where they are needed; by the program only where they cannot mean anything else."""

    @pytest.mark.parametrize(
        ("line", "shorter"),
        [
            ("12 avenue de la République", "12 avenue de la République"),
            ("112 bis avenue du Maréchal Foch prolongée", "112 bis AV du Maréchal Foch prolongée"),
            ("12 boulevard des Frères Auguste et Lumière", "12 BD des Frères Auguste et Lumière"),
            ("Impasse des anciens combattants d'Algérie", "IMP des anciens combattants d'Algérie"),
            ("Bâtiment 12 escalier B appartement 304 gauche", "BAT 12 escalier B APP 304 gauche"),
        ],
    )
    def test_of_the_way_and_of_the_parts_of_a_building(self, line, shorter):
        assert abbreviate(line) == shorter

    def test_what_could_be_a_name_is_proposed_and_not_done(self):
        line = "25 rue du Président Jean Baptiste Saint-Hilaire"
        assert abbreviate(line) == line
        assert propose(line) == "25 rue du PDT Jean Baptiste ST-Hilaire"

    def test_the_middle_of_a_line_is_proposed_and_not_done(self):
        line = "Résidence du Parc 45 boulevard Gambetta"
        assert abbreviate(line) == "RES du Parc 45 boulevard Gambetta"
        line = "Le Clos du Parc 45 boulevard Léon Gambetta"
        assert abbreviate(line) == line
        assert propose(line) == "Le Clos du Parc 45 BD Léon Gambetta"

    def test_where_they_do_not_suffice_nothing_is_proposed(self):
        assert propose("Anticonstitutionnellement hospitalo-universitaires") == ""

    def test_of_french_addresses_only(self):
        line = "boulevard Monseigneur Charles-Emmanuel Hacquebard"
        assert line in lay_out(["A"], [line, "1000 Bruxelles"], "Bruxelles", "Belgique", french=False)


class TestWhatThePostWouldNotDeliver:
    """Each trouble is named, with what could be written instead."""

    GOOD = ("A", "1 rue X", "75001 PARIS")

    def test_six_lines_of_38_characters_are_fine(self):
        assert find_problems((*("A" * 38,) * 5, "75001 PARIS")) == []

    def test_the_country_is_a_seventh_line(self):
        lines = (*("A",) * 5, "80331 MÜNCHEN", "ALLEMAGNE")
        assert find_problems(lines, french=False, abroad=True) == []
        assert find_problems(("A", *lines), french=False, abroad=True) == [Problem(Trouble.TOO_MANY_LINES, "8")]

    def test_no_address(self):
        assert find_problems(()) == find_problems((" ",)) == [Problem(Trouble.NO_ADDRESS)]

    def test_no_postcode(self):
        assert find_problems(("A", "1 rue X", "PARIS")) == [Problem(Trouble.NO_TOWN)]
        assert find_problems(("A", "1 rue X", "MÜNCHEN", "ALLEMAGNE"), french=False, abroad=True) == []
        assert find_problems(("A", "1 rue X", "97400 SAINT-DENIS", "FRANCE"), abroad=True) == []

    def test_seven_lines(self):
        assert find_problems((*("A",) * 6, "75001 PARIS")) == [Problem(Trouble.TOO_MANY_LINES, "7")]

    def test_a_line_of_39_characters_is_named_with_what_could_be_written(self):
        line = "25 rue du Président Jean Baptiste Saint-Hilaire"
        assert find_problems(("A", line, "75001 PARIS")) == [
            Problem(Trouble.LINE_TOO_LONG, line, "25 rue du PDT Jean Baptiste ST-Hilaire")
        ]
        assert find_problems(("A", line, "1000 BRUXELLES", "BELGIQUE"), french=False, abroad=True) == [
            Problem(Trouble.LINE_TOO_LONG, line)
        ]
