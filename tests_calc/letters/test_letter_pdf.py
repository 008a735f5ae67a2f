"""Letters as they come out of the printer: the PDF is read back."""

from io import BytesIO

import pdfplumber
import pypdf
import pytest
from letter.content import Group, Payment, Sender, Signature, Table, Total
from letter.drawing import render, render_all
from letter.merging import merge
from letter.payment import spaced_iban
from letter.qr import qr_modules
from letter_samples import ADDRESS, MM, a_letter, a_table, an_item, lines_of, text_of
from PIL import Image


class TestTheAddressShowsThroughTheWindow:
    """Window envelopes show 85 × 33 mm, 110 mm from the left and 55 mm from the top."""

    WINDOW = (110 * MM, 55 * MM, 195 * MM, 88 * MM)

    def glyphs(self, page):
        left, top, _right, bottom = self.WINDOW
        return [char for char in page.chars if char["x1"] > left and char["top"] < bottom and char["bottom"] > top]

    @pytest.mark.parametrize(
        "address",
        [
            ADDRESS,
            ("W" * 38,) * 6,
            ("SOCIÉTÉ", *("ÉTABLISSEMENT D'ENSEIGNEMENT SUPÉRIEUR",) * 4, "97400 SAINT-DENIS CEDEX 9"),
        ],
    )
    def test_every_glyph_is_inside(self, read, address):
        (page,) = read(a_letter(address=address))
        inside = page.crop(self.WINDOW)
        assert [line.replace(" ", "") for line in inside.extract_text(x_tolerance=1).splitlines()] == [
            line.replace(" ", "") for line in address
        ]
        left, top, right, bottom = self.WINDOW
        for char in self.glyphs(page):
            assert left + 3.9 * MM <= char["x0"]
            assert char["x1"] <= right - 3.9 * MM
            assert top <= char["top"]
            assert char["bottom"] <= bottom

    def test_nothing_else_is_there(self, read):
        order = "commande ouverte numéro 1234567 du mois d'août 2025, chantier de Saint-Étienne"
        long = tuple((f"Réf. {rank}", order) for rank in range(6))
        (page,) = read(
            a_letter(
                registered="Lettre recommandée avec accusé de réception",
                references=long,
                sender=Sender("Groupement des coopératives agricoles du Sud-Ouest et des Pyrénées", ("Ligne",) * 9),
            )
        )
        shown = "".join(char["text"] for char in self.glyphs(page))
        assert shown.replace(" ", "") == "".join(ADDRESS).replace(" ", "")

    def test_text_starts_under_references_however_many(self, read):
        (page,) = read(a_letter(references=tuple((f"Réf. {rank}", "X") for rank in range(12))))
        words = {word["text"]: word["top"] for word in page.extract_words()}
        last = max(word["bottom"] for word in page.extract_words() if word["text"] == "Réf.")
        assert words["Subject:"] > last


class TestTheTableOfItems:
    """Every claimed item is on paper, under a heading, with the total of its currency only."""

    def test_a_row_reads_as_it_should(self, read):
        (page,) = read(a_letter())
        assert "FAC/2025/00001 01/08/2025 31/08/2025 92 1 200,00 € 200,00 € 1 000,00 €" in lines_of(page)

    def test_forty_items_run_over_pages_with_the_heading_on_each(self, read):
        items = tuple(an_item(f"FAC/2025/{rank:05d}") for rank in range(1, 41))
        pages = read(a_letter(tables=(a_table(*items),)))
        assert len(pages) == 2
        lines = [line for page in pages for line in lines_of(page)]
        assert [line.split()[0] for line in lines if line.startswith("FAC/")] == [item.number for item in items]
        for page in pages:
            assert sum(line.startswith("Invoice") for line in lines_of(page)) == 1

    def test_the_total_is_never_alone_on_a_page(self, read):
        for count in range(14, 30):
            items = tuple(an_item(f"FAC/{rank:05d}") for rank in range(count))
            for page in read(a_letter(body="", tables=(a_table(*items),))):
                lines = lines_of(page)
                if any(line.startswith("Total") for line in lines):
                    assert any(line.startswith("FAC/") for line in lines)

    def test_three_currencies_have_three_totals_and_no_sum(self, read):
        groups = tuple(
            Group(
                (an_item(f"{code}1", sign), an_item(f"{code}2", sign)),
                Total(f"Total {code}", due=f"2\u202f000,00\u00a0{sign}"),
            )
            for code, sign in (("EUR", "€"), ("USD", "$"), ("GBP", "£"))
        )
        (page,) = read(a_letter(tables=(Table(groups),), amounts_due=("2 000,00 €", "2 000,00 $", "2 000,00 £")))
        totals = [line for line in lines_of(page) if line.startswith("Total")]
        assert totals == ["Total EUR 2 000,00 €", "Total USD 2 000,00 $", "Total GBP 2 000,00 £"]
        assert "To be paid: 2 000,00 € and 2 000,00 $ and 2 000,00 £" in lines_of(page)

    def test_items_in_default_and_items_recalled_are_apart(self, read):
        (page,) = read(
            a_letter(
                tables=(
                    a_table(an_item("FAC/1"), title="Put in default"),
                    a_table(an_item("FAC/2"), title="Recalled", note="Not part of the notice."),
                )
            )
        )
        lines = [line.split()[0] for line in lines_of(page)]
        assert lines.index("Put") < lines.index("FAC/1") < lines.index("Recalled") < lines.index("FAC/2")

    def test_the_debtor_is_named_when_another_pays(self, read):
        items = an_item("FAC/1", debtor="Clinique A"), an_item("FAC/2", debtor="Clinique B")
        (page,) = read(a_letter(tables=(a_table(*items),)))
        assert [line.split()[:3] for line in lines_of(page) if line.startswith("FAC")] == [
            ["FAC/1", "Clinique", "A"],
            ["FAC/2", "Clinique", "B"],
        ]
        assert "Customer" in text_of(page)

    def test_a_column_nobody_fills_is_left_out(self, read):
        (page,) = read(a_letter(tables=(a_table(an_item("FAC/1", paid="")),)))
        assert "Paid" not in text_of(page)

    def test_extra_columns_follow(self, read):
        (page,) = read(
            a_letter(
                extra_columns=("Interest", "Indemnity"),
                tables=(a_table(an_item("FAC/1", extra=("12,34 €", "40,00 €"))),),
            )
        )
        assert "FAC/1 01/08/2025 31/08/2025 92 1 200,00 € 200,00 € 1 000,00 € 12,34 € 40,00 €" in lines_of(page)

    def test_whatever_the_width_nothing_leaves_the_page_nor_overlaps(self, read):
        item = an_item(
            "FACTURE/AGENCE-DE-SAINT-ÉTIENNE/2025/08/00000001234",
            debtor="Établissements réunis " * 6,
            original="123\u202f456\u202f789,00\u00a0€",
            extra=("1\u202f234\u202f567,00\u00a0€",) * 3,
        )
        columns = ("Pénalités de retard", "Indemnité forfaitaire", "Total")
        (page,) = read(a_letter(extra_columns=columns, tables=(a_table(item),)))
        assert min(char["x0"] for char in page.chars) >= 20 * MM - 0.1
        assert max(char["x1"] for char in page.chars) <= 190 * MM + 0.1
        row = sorted((word["x0"], word["x1"]) for word in page.extract_words() if word["text"].startswith("31/08"))
        assert len(row) == 1
        for line in page.extract_text_lines(return_chars=True):
            for before, after in zip(line["chars"], line["chars"][1:], strict=False):
                assert after["x0"] >= before["x1"] - 0.5


class TestHowToPay:
    """Nothing stands between a willing debtor and the payment."""

    def test_iban_in_fours(self):
        printed = "FR76\u00a03000\u00a04000\u00a00312\u00a03456\u00a07890\u00a0143"
        assert spaced_iban("FR76 30004000031234567890143") == printed

    def test_everything_is_printed(self, read):
        (page,) = read(
            a_letter(
                deadline="16 décembre 2025",
                amounts_due=("12 000,00 €",),
                payment=Payment(
                    "Atelier Dupont",
                    "FR7630004000031234567890143",
                    "BNPAFRPPXXX",
                    "BNP Paribas",
                    "R0000012",
                    "https://payer.example/1",
                    "Chèque à l'ordre de l'Atelier Dupont.",
                ),
            )
        )
        lines = lines_of(page)
        for line in (
            "To be paid by 16 décembre 2025: 12 000,00 €",
            "Account holder Atelier Dupont",
            "IBAN FR76 3000 4000 0312 3456 7890 143",
            "BIC BNPAFRPPXXX",
            "Bank BNP Paribas",
            "Reference to quote R0000012",
            "Pay online https://payer.example/1",
            "Chèque à l'ordre de l'Atelier Dupont.",
        ):
            assert line in lines

    def test_the_code_has_the_three_finders_and_the_size_of_its_content(self):
        modules = qr_modules("BCD\n002\n1\nSCT\n\nDupont\nFR7630004000031234567890143\nEUR12.34\n\n\nR0000012\n")
        finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
        size = len(modules)
        assert size == 17 + 4 * 5
        for top, left in ((0, 0), (0, size - 7), (size - 7, 0)):
            corner = ["".join(str(int(black)) for black in row[left : left + 7]) for row in modules[top : top + 7]]
            assert corner == finder


class TestTheFileItself:
    """Archived, read aloud, printed: the file says what it is."""

    def test_the_same_letter_gives_the_same_bytes(self, fonts):
        assert render(a_letter(), fonts) == render(a_letter(), fonts)
        assert render(a_letter(), fonts) != render(a_letter(reference="R0000013"), fonts)

    def test_title_author_and_language(self, fonts):
        reader = pypdf.PdfReader(BytesIO(render(a_letter(heading="Mise en demeure", language="fr-FR"), fonts)))
        assert reader.metadata.title == "Mise en demeure – R0000012"
        assert reader.metadata.author == "Atelier Dupont"
        assert reader.trailer["/Root"]["/Lang"] == "fr-FR"

    def test_pages_are_numbered_and_name_the_letter(self, read):
        items = tuple(an_item(f"FAC/{rank:05d}") for rank in range(90))
        pages = read(a_letter(tables=(a_table(*items),)))
        assert [lines_of(page)[-1] for page in pages] == ["Page 1/3", "Page 2/3", "Page 3/3"]
        heading = "Atelier Dupont R0000012 – MENUISERIE DES ALPES – Lyon, le 1er décembre 2025"
        assert [lines_of(page)[0] == heading for page in pages] == [False, True, True]
        assert all("SAS au capital de 50 000 €" in lines_of(page) for page in pages)

    def test_registered_letter_says_so_and_keeps_room_for_its_number(self, read):
        (page,) = read(a_letter(registered="Lettre recommandée avec AR"))
        assert "Lettre recommandée avec AR" in text_of(page)
        assert "Tracking number: …" in text_of(page)
        (page,) = read(a_letter(registered="Lettre recommandée avec AR", tracking_number="1A 234 567"))
        assert "Tracking number: 1A 234 567" in text_of(page)
        (page,) = read(a_letter())
        assert "Tracking number" not in text_of(page)

    def test_signature_is_never_alone_on_its_page(self, read):
        image = BytesIO()
        Image.new("RGBA", (300, 120), (0, 0, 120, 255)).save(image, "PNG")
        signature = Signature("Jeanne Dupont", "Directrice", image.getvalue())
        for count in range(1, 30):
            body = "<p>Ligne de texte.</p>" * count
            last = read(a_letter(body=body, tables=(), signature=signature))[-1]
            assert "Jeanne Dupont" in text_of(last)
            assert "Ligne de texte." in text_of(last)
            assert len(last.images) == 1

    def test_nobody_signs_a_page_of_courtesies_alone(self, read):
        text = "<p>Ligne de texte.</p>" * 4 + "<p>Nos remerciements.</p><p>Nos salutations.</p>"
        for rows in range(14, 24):
            table = a_table(*(an_item(f"FAC/{row}") for row in range(rows)))
            *_before, last = read(a_letter(body=f"[[items]]{text}", tables=(table,), signature=Signature("Jeanne")))
            assert text_of(last).count("Ligne de texte.") >= 2, rows

    def test_a_logo_of_any_size_stays_in_its_place(self, read):
        for size in ((2000, 100), (100, 2000), (3, 3)):
            image = BytesIO()
            Image.new("RGB", size, "red").save(image, "PNG")
            (page,) = read(a_letter(sender=Sender("Dupont", logo=image.getvalue())))
            (logo,) = page.images
            assert logo["width"] <= 60 * MM + 0.1
            assert logo["bottom"] <= 30 * MM


class TestManyLettersInOneFile:
    """A pile to print: each letter on its own sheets."""

    def letters(self):
        long = tuple(an_item(f"FAC/{rank:05d}") for rank in range(40))
        return [
            a_letter(reference="R1"),
            a_letter(reference="R2", tables=(a_table(*long),)),
            a_letter(reference="R3"),
            a_letter(reference="R4"),
        ]

    def firsts(self, data):
        """Numbers of the pages where a letter begins, and how many there are."""
        with pdfplumber.open(BytesIO(data)) as document:
            texts = [page.extract_text() for page in document.pages]
        return [number for number, text in enumerate(texts, 1) if "GRENOBLE" in text], len(texts)

    def test_one_after_the_other(self, fonts):
        assert self.firsts(render_all(self.letters(), fonts)) == ([1, 2, 4, 5], 5)

    def test_each_on_an_odd_page_in_duplex(self, fonts):
        assert self.firsts(render_all(self.letters(), fonts, duplex=True)) == ([1, 3, 5, 7], 7)

    @pytest.mark.parametrize(("duplex", "expected"), [(False, ([1, 2, 4, 5], 5)), (True, ([1, 3, 5, 7], 7))])
    def test_letters_already_printed_are_merged_the_same_way(self, fonts, duplex, expected):
        printed = [render(letter, fonts) for letter in self.letters()]
        assert self.firsts(merge(printed, pypdf, duplex)) == expected

    def test_fonts_are_there_once(self, fonts):
        one = len(render(a_letter(), fonts))
        hundred = len(render_all([a_letter(reference=f"R{rank}") for rank in range(100)], fonts))
        assert hundred < 15 * one
