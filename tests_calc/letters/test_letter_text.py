"""What a letter says: words, characters and marks of its template."""

from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from letter.checks import uncovered_characters
from letter.content import Labels, Payment, Sender, Signature
from letter.drawing import render
from letter.fonts import FontsMissing, find_fonts
from letter.markup import paragraphs, plain_text
from letter_samples import ODOO_FONTS, a_letter, a_table, an_item, lines_of, text_of


class TestEveryCharacterIsPrintedOrTheLetterIsHeld:
    """Never an empty box."""

    NAMES = (
        "Łukasz Żółć",
        "Γιώργος Παπαδόπουλος",
        "Дмитрий Їжакевич",
        "Şükrü Çağlayan",
        "Őrség Kft.",
        "Nguyễn Văn Đức",
    )

    @pytest.mark.parametrize("name", NAMES)
    def test_european_names_are_text(self, read, fonts, name):
        letter = a_letter(address=(name, "38000 GRENOBLE"))
        assert uncovered_characters(letter, fonts) == ""
        (page,) = read(letter)
        assert name in text_of(page)

    def test_euro_and_thin_spaces_print(self, read, fonts):
        (page,) = read(a_letter())
        assert fonts.uncovered_characters("1\u202f234,56\u00a0€ £ « № – — … ’ ” •") == set()
        assert "1 200,00 €" in text_of(page)
        assert not [char for char in page.chars if char["text"] in "\ufffd\u25a1"]

    @pytest.mark.parametrize(
        ("text", "uncovered"),
        [
            ("上海贸易 SARL", "上海易贸"),
            ("Top 😀", "😀"),
        ],
    )
    def test_what_would_be_wrong_is_reported(self, fonts, text, uncovered):
        assert uncovered_characters(a_letter(address=(text, "PARIS")), fonts) == " ".join(sorted(uncovered))

    def test_wherever_it_stands(self, fonts):
        for letter in (
            a_letter(body="<p>Bonjour &#x4E2D;</p>"),
            a_letter(tables=(a_table(an_item("FAC", debtor="中")),)),
            a_letter(payment=Payment(text="中")),
            a_letter(references=(("Réf.", "中"),)),
        ):
            assert uncovered_characters(letter, fonts) == "中"

    def test_what_a_reader_never_sees_does_not_hold(self, fonts):
        letter = a_letter(body="<p title='中'>Bon\u00adjour\u200b</p><script>中</script>")
        assert uncovered_characters(letter, fonts) == ""

    def test_another_font_steps_in_for_a_character(self, read, fonts):
        assert fonts.uncovered_characters("ა Հ") == set()  # Georgian, Armenian: not in the main family
        names = {run.font.rsplit("/")[-1] for run in fonts.runs("Aა", False, False)}
        assert len(names) == 2
        (page,) = read(a_letter(address=("ABაB", "TBILISI")))
        assert "ABაB" in text_of(page)


class TestFontsAreFoundWhereverOdooKeepsThem:
    """Odoo's Debian package links into the distribution, its source carries the files."""

    def test_upstream_layout(self, tmp_path):
        folder = tmp_path / "google" / "Roboto"
        folder.mkdir(parents=True)
        for style in ("Regular", "Bold", "Italic", "BoldItalic"):
            name = f"Roboto-{style}.ttf"
            (folder / name).write_bytes((ODOO_FONTS / "google/Roboto" / name).read_bytes())
        assert f"{folder}/Roboto-Regular.ttf" in find_fonts((str(tmp_path),)).name

    def test_dangling_link_is_passed_over(self, tmp_path):
        (tmp_path / "Roboto-Regular.ttf").symlink_to("/nowhere/Roboto-Regular.ttf")
        assert str(tmp_path) not in find_fonts((str(tmp_path),)).name

    def test_no_font_at_all_is_said(self, monkeypatch, tmp_path):
        monkeypatch.setattr("letter.fonts.SYSTEM_FOLDERS", ())
        with pytest.raises(FontsMissing, match=str(tmp_path)):
            find_fonts.__wrapped__((str(tmp_path),))

    def test_every_font_in_the_file_is_embedded(self, fonts):
        reader = pypdf.PdfReader(BytesIO(render(a_letter(), fonts)))
        descriptors = [
            font.get_object()["/FontDescriptor"].get_object()
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()
        ]
        assert len(descriptors) == 2
        assert all("/FontFile2" in descriptor for descriptor in descriptors)


class TestHostileTextIsHarmless:
    """A letter template is text; what else stands in it has no effect."""

    HOSTILE = """
        <script>alert("owned")</script><style>p { color: red }</style>
        <p onclick="steal()">Bonjour <img src="file:///etc/passwd"> <iframe src="http://evil.example/">frame</iframe>
        <a href="javascript:alert(1)">ici</a> <a href="file:///etc/passwd">là</a>
        <a href="https://payer.example/1">payer</a></p><link rel="stylesheet" href="http://evil.example/x.css">
        <object data="file:///etc/passwd">objet</object><p>Fin &lt;b&gt;"""

    def test_only_words_remain(self):
        assert plain_text(self.HOSTILE) == "Bonjour ici là payer\nFin <b>"

    def test_only_web_links_remain(self, fonts):
        reader = pypdf.PdfReader(BytesIO(render(a_letter(body=self.HOSTILE), fonts)))
        links = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", ())]
        assert links == ["https://payer.example/1"]
        raw = render(a_letter(body=self.HOSTILE), fonts)
        assert b"passwd" not in raw
        assert b"evil" not in raw

    @pytest.mark.parametrize(
        "html", ["<p><b>a", "</p></ul></li></b></a>a", "<ul><li>a</ul>", "<<p>a", "&#0;a", "<p>a</script>"]
    )
    def test_wrong_tags_do_not_lose_the_text(self, html):
        assert plain_text(html).endswith("a")

    def test_a_picture_that_is_none_is_left_out(self, read):
        signature = Signature("Jeanne", image=b"GIF89a broken")
        (page,) = read(a_letter(sender=Sender("Dupont", logo=b"<svg onload='x()'/>"), signature=signature))
        assert page.images == []


class TestMarkup:
    """What an accountant writes in the editor comes out as written."""

    def test_styles(self):
        (part,) = paragraphs("<p>un <strong>deux <em>trois</em></strong> <u>quatre</u></p>")
        assert [(span.text, span.style.bold, span.style.italic, span.style.underline) for span in part.spans] == [
            ("un ", False, False, False),
            ("deux ", True, False, False),
            ("trois", True, True, False),
            (" ", False, False, False),
            ("quatre", False, False, True),
        ]

    def test_lists(self):
        parts = paragraphs("<ul><li>a</li><li><p>b</p><ol><li>c</li><li>d</li></ol></li></ul>")
        assert [(part.bullet, part.text, part.level) for part in parts] == [
            ("•", "a", 1),
            ("•", "b", 1),
            ("1.", "c", 2),
            ("2.", "d", 2),
        ]

    def test_line_breaks_and_spaces(self):
        assert [part.text for part in paragraphs("<p>  a\n b<br/>c&nbsp;d </p>\n<p><br></p><div>e</div>")] == [
            "a b\nc\u00a0d",
            "e",
        ]

    def test_marks_put_the_tables_and_the_payment_where_they_stand(self, read):
        payment = Payment(iban="FR7630004000031234567890143")
        (page,) = read(a_letter(body="<p>Avant [[payment]] entre</p><p>[[items]]</p><p>Après</p>", payment=payment))
        lines = [line.split()[0] for line in lines_of(page)]
        assert lines.index("Avant") < lines.index("IBAN") < lines.index("entre")
        assert lines.index("entre") < lines.index("FAC/2025/00001") < lines.index("Après")

    def test_without_marks_they_follow_the_text(self, read):
        (page,) = read(a_letter(body="<p>Avant</p>", payment=Payment(iban="FR7630004000031234567890143")))
        lines = [line.split()[0] for line in lines_of(page)]
        assert lines.index("Avant") < lines.index("FAC/2025/00001") < lines.index("IBAN")


class TestEveryLabelCanBeTranslated:
    """No word of a letter is written by the renderer."""

    def test_no_english_remains(self, read):
        labels = Labels(**{name: f"é{rank}é" for rank, name in enumerate(Labels.__dataclass_fields__)})
        letter = a_letter(
            labels=labels,
            registered="LRAR",
            deadline="16/12",
            amounts_due=("1 €", "1 $"),
            tables=(a_table(an_item("FAC/1", debtor="Clinique", held="1 €")),),
            payment=Payment("T", "FR76", "BNP", "BNP", "R1", "https://payer.example", "", "QR"),
            enclosures=("RIB",),
        )
        text = "".join(text_of(page) for part in (letter, replace(letter, deadline="")) for page in read(part))
        for name in Labels.__dataclass_fields__:
            assert getattr(labels, name) in text
            assert getattr(Labels(), name) not in text
