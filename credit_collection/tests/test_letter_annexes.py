from base64 import b64encode
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, create_string_object
from reportlab.pdfgen.canvas import Canvas

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import day
from .test_letter_notice import NoticeCase


class AnnexCase(NoticeCase):
    """A notice of one invoice, and documents to enclose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(cls.make_customer(), 1000, due=day(-30))
        cls.notice = cls.make_notice(cls.invoice)
        cls.level = cls.notice.level_id

    def make_pdf(self, *texts, size=(595, 842), rotation=0):
        """A PDF with one of the texts on each page."""
        output = BytesIO()
        canvas = Canvas(output, pagesize=size)
        for text in texts:
            canvas.drawString(100, 300, text)
            canvas.setPageRotation(rotation)
            canvas.showPage()
        canvas.save()
        return output.getvalue()

    def make_file(self, name, content, **values):
        return self.env["ir.attachment"].create({"name": name, "raw": content, **values})

    def read_document(self):
        """(the document, the text of each page)"""
        document = PdfReader(BytesIO(self.notice._render_letter()))
        return document, [page.extract_text().replace("\u00a0", " ") for page in document.pages]


@tagged("post_install", "-at_install")
class TestALetterAndWhatItEncloses(AnnexCase):
    """One document: continuous numbers, a list of enclosures, bookmarks, a title, a language."""

    def setUp(self):
        super().setUp()
        copy = ("invoice.pdf", self.make_pdf("INVOICE 1", "INVOICE 2"), "application/pdf")
        self.copies = {self.invoice.id: copy}
        # No wkhtmltopdf here: as if the invoice had been printed when it was sent.
        self.patch(type(self.notice), "_copy_invoices", lambda reminder, moves: self.copies)
        terms = self.make_file("General terms.pdf", self.make_pdf("TERMS"), mimetype="application/pdf")
        self.level.write({"annex_statement": True, "annex_invoices": True, "annex_file_ids": [Command.set(terms.ids)]})

    def test_pages_follow_one_another(self):
        _document, pages = self.read_document()
        name = self.notice.name
        self.assertIn("Page 1/5", pages[0])
        stamps = [
            f"{name} – Enclosure 1 – Page 2/5",
            f"{name} – Enclosure 2 – Page 3/5",
            f"{name} – Enclosure 2 – Page 4/5",
            f"{name} – Enclosure 3 – Page 5/5",
        ]
        for page, stamp, words in zip(
            pages[1:], stamps, ("Statement of account", "INVOICE 1", "INVOICE 2", "TERMS"), strict=True
        ):
            self.assertIn(stamp, page)
            self.assertIn(words, page)
        self.assertNotIn("Page 1/1", pages[1])

    def test_the_letter_lists_them_and_the_bookmarks_lead_to_them(self):
        document, pages = self.read_document()
        enclosed = ["Statement of account", f"Copy of {self.invoice.name}", "General terms.pdf"]
        for rank, title in enumerate(enclosed, start=1):
            self.assertIn(f"{rank}. {title}", pages[0])
        places = [page.indirect_reference.idnum for page in document.pages]
        bookmarks = {part.title: places.index(part.raw_get("/Page").idnum) for part in document.outline}
        self.assertEqual(list(bookmarks.values()), [0, 1, 2, 4])
        self.assertEqual(list(bookmarks)[1:], enclosed)

    def test_the_file_says_what_it_is(self):
        document, _pages = self.read_document()
        self.assertEqual(document.metadata.author, "Atelier Dupont")
        self.assertTrue(document.metadata.title.endswith(f"– {self.notice.name}"))
        self.assertEqual(document.trailer["/Root"]["/Lang"], "en-US")

    def test_a_copy_that_cannot_be_made_holds_the_letter(self):
        self.copies = {}
        self.assertEqual(self.obstacle_of(self.notice), f"No copy of {self.invoice.name} can be printed.")


@tagged("post_install", "-at_install")
class TestDocumentsThatSomebodyPicks(AnnexCase):
    """PDF files of any size and pictures; nothing else, and nothing that the user may not read."""

    def enclose(self, *files):
        self.level.annex_file_ids = [Command.set([file.id for file in files])]

    def test_pages_of_any_size_are_printed_on_a4(self):
        self.enclose(
            self.make_file("wide.pdf", self.make_pdf("WIDE", size=(1190, 842))),
            self.make_file("turned.pdf", self.make_pdf("TURNED", rotation=90)),
            self.make_file("photo.png", self.make_png(), mimetype="image/png"),
        )
        document, pages = self.read_document()
        for page in document.pages:
            self.assertAlmostEqual(float(page.mediabox.width), 595.28, delta=1)
            self.assertAlmostEqual(float(page.mediabox.height), 841.89, delta=1)
            self.assertFalse(page.rotation)
        self.assertIn("WIDE", pages[1])
        self.assertIn("TURNED", pages[2])
        self.assertEqual(len(document.pages[3].images), 1)

    def test_what_is_neither_is_refused_when_it_is_picked(self):
        for name, content in (("notes.txt", b"hello"), ("broken.pdf", b"%PDF-1.4 broken"), ("empty.pdf", b"")):
            with self.assertRaisesRegex(ValidationError, f"“{name}” cannot be enclosed"):
                self.enclose(self.make_file(name, content))

    def test_what_a_document_would_do_by_itself_is_left_out(self):
        writer = PdfWriter(clone_from=BytesIO(self.make_pdf("FORM")))
        script = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): create_string_object("app.alert(1)")}
        )
        note = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): script})
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([note])
        output = BytesIO()
        writer.write(output)
        self.enclose(self.make_file("form.pdf", output.getvalue()))
        self.assertNotIn(b"alert", self.notice._render_letter())

    def test_nobody_encloses_what_he_may_not_read(self):
        secret = self.make_file("secret.pdf", self.make_pdf("SECRET"), res_model="res.users.log", res_id=1)
        secret.sudo().create_uid = self.env.ref("base.user_root")
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        with self.assertRaises(AccessError):
            self.env["collection.reminder.annexes"].with_user(collector).create(
                {"reminder_id": self.notice.id, "annex_file_ids": [Command.set(secret.ids)]}
            )
        with self.assertRaises(AccessError):
            self.notice.with_user(collector).annex_file_ids = [Command.set(secret.ids)]


@tagged("post_install", "-at_install")
class TestEnclosuresOfOneReminder(AnnexCase):
    """Before it is sent a person may choose others; the level stays as it is."""

    def open_dialog(self, user=None, **values):
        wizard = self.env["collection.reminder.annexes"].with_context(active_id=self.notice.id)
        wizard = wizard.with_user(user) if user else wizard
        return wizard.create({**wizard.default_get(list(wizard._fields)), **values})

    def test_the_dialog_begins_with_those_of_the_level(self):
        self.level.annex_statement = True
        dialog = self.open_dialog()
        self.assertEqual((dialog.annex_statement, dialog.annex_invoices), (True, False))

    def test_a_collector_encloses_a_file_with_this_letter_only(self):
        collector = new_test_user(self.env, "collector", "credit_collection.group_collection_collector")
        file = {
            "name": "proof.pdf",
            "datas": b64encode(self.make_pdf("PROOF")),
            "res_model": "collection.reminder.annexes",
        }
        file = self.env["ir.attachment"].with_user(collector).create(file)
        self.open_dialog(collector, annex_file_ids=[Command.set(file.ids)]).action_apply()
        _document, pages = self.read_document()
        self.assertIn("PROOF", pages[-1])
        self.assertEqual((file.res_model, file.res_id), ("collection.debtor", self.notice.debtor_id.id))
        self.assertFalse(self.level.annex_file_ids)

    def test_nothing_at_all_may_be_chosen(self):
        self.level.annex_statement = True
        self.open_dialog(annex_statement=False).action_apply()
        _document, pages = self.read_document()
        self.assertEqual(len(pages), 1)

    def test_not_once_it_is_in_the_outbox(self):
        dialog = self.open_dialog(annex_statement=True)
        self.notice.state = "approved"
        self.notice.action_send()
        with self.assertRaisesRegex(UserError, "before the reminder goes to the outbox"):
            dialog.action_apply()
