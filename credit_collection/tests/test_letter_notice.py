import base64
import re
from io import BytesIO

import pdfplumber
import pypdfium2
import zxingcpp

from odoo.tests import tagged

from ..demo import identity
from .common import day
from .letter_case import LetterCase

MM = 72 / 25.4


class NoticeCase(LetterCase):
    """Formal notices in the words that are shipped, which claim what the law grants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "collection_legal_form": "SAS",
                "collection_share_capital": 50000,
                "collection_registry_city": "Lyon",
                "collection_legal_mentions": False,
            }
        )
        cls.bank.bank_account_id.bank_id = cls.env["res.bank"].create({"name": "BNP Paribas", "bic": "BNPAFRPPXXX"})
        cls.template = cls.env.ref("credit_collection.letter_template_notice_business")

    @classmethod
    def make_customer(cls, name="Menuiserie Durand", **values):
        return cls.make_partner(name, **{"lang": "en_US", "company_registry": identity.siret(16), **values})

    @classmethod
    def make_notice(cls, *invoices, **level_values):
        """A formal notice of the invoices, of a business, which claims interest and lump sums."""
        reminder = cls.make_reminder(
            *invoices,
            is_formal_notice=True,
            channels=("registered",),
            deadline_days=15,
            claim_interest="amount",
            letter_template_id=cls.template.id,
            **level_values,
        )
        reminder.debtor_id.customer_kind = "business"
        reminder._fill_interest()
        return reminder

    def read_text(self, reminder):
        """Everything it says, in one line with ordinary spaces."""
        return " ".join(line for page in self.read_pages(reminder._render_letter()) for line in page)

    def read_codes(self, reminder):
        """{(format, content)} of the codes on its first page, printed at 200 dpi."""
        page = pypdfium2.PdfDocument(reminder._render_letter())[0]
        return {(code.format.name, code.text) for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())}


@tagged("post_install", "-at_install")
class TestANoticeNeedsNothingAddedByHand(NoticeCase):
    """Parties, sums, bases in law, deadline, means of payment and what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_customer(ref="C00042")
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-30), ref="PO 4500012345")
        cls.notice = cls.make_notice(cls.invoice)

    def test_both_parties_are_fully_identified(self):
        text = self.read_text(self.notice)
        self.assertIn(
            "The creditor: Atelier Dupont, SAS with a capital of 50,000 €, 12 rue de la République, 69002 Lyon, "
            "France, RCS Lyon 552 100 554",
            text,
        )
        siren = identity.spaced_siren(16)
        self.assertIn(f"The debtor: Menuiserie Durand, 3 rue des Tilleuls, 69003 Lyon, France, SIREN {siren}", text)
        self.assertIn("SAS with a capital of 50,000 € – RCS Lyon 552 100 554 – VAT FR23334175221", text)

    def test_each_item_shows_principal_interest_lump_sum_and_total(self):
        lines = self.read_letter(self.notice)
        row = next(line for line in lines if line.startswith(self.invoice.name))
        # 1 000 € × 12.15 % × 30 days ÷ 365
        self.assertEqual(
            row, f"{self.invoice.name} 01/09/2026 02/08/2026 30 1,000.00 € 1,000.00 € 9.99 € 40.00 € 1,049.99 €"
        )
        self.assertIn("Order PO 4500012345", lines)
        total = next(line for line in lines if line.startswith("Total "))
        self.assertEqual(total, "Total 1,000.00 € 1,000.00 € 9.99 € 40.00 € 1,049.99 €")

    def test_the_sum_claimed_is_the_same_wherever_it_stands(self):
        text = self.read_text(self.notice)
        self.assertIn("Subject: Formal notice to pay 1,049.99 €", text)
        self.assertIn("formal notice to pay 1,049.99 € no later than 25 March 2026.", text)
        self.assertIn("To be paid by 25 March 2026: 1,049.99 €", text)
        self.assertIn("In words: one thousand and forty-nine euros and ninety-nine cents.", text)

    def test_bases_in_law_and_the_computation_in_a_sentence(self):
        text = self.read_text(self.notice)
        self.assertIn("Articles L. 441-10 II and D. 441-5 of the French Commercial Code", text)
        self.assertIn(
            "Interest is counted up to 10 March 2026: sum due × yearly rate × number of days ÷ 365, part payments "
            "being deducted from their date; it runs on until full payment.",
            text,
        )
        self.assertIn("article 1344 of the French Civil Code", text)
        self.assertNotIn("These sums are not included", text)

    def test_where_nothing_is_claimed_for_lateness_it_is_reserved(self):
        self.notice.level_id.claim_interest = "mention"
        self.notice._fill_interest()
        text = self.read_text(self.notice)
        self.assertIn("These sums are not included in the amount above; we reserve the right to claim them.", text)
        self.assertIn("formal notice to pay 1,000.00 €", text)
        self.assertNotIn("Principal due", text)

    def test_the_transfer_code_asks_for_the_total(self):
        payload = (
            "BCD\n002\n1\nSCT\nBNPAFRPPXXX\nAtelier Dupont\nFR7630004000031234567890143\nEUR1049.99\n\n\n"
            f"{self.notice.name}\n"
        )
        self.assertEqual(self.read_codes(self.notice), {("QRCode", payload)})

    def test_the_number_of_the_registered_letter_is_a_barcode_too(self):
        self.notice.state = "approved"
        self.notice.action_send()
        self.notice.delivery_ids.tracking_number = "1A 234 567 8901 2"
        self.assertIn(("Code128", "1A23456789012"), self.read_codes(self.notice))

    def test_one_invoice_fits_on_one_page_signed(self):
        self.company.collection_signature = base64.b64encode(self.make_png())
        with pdfplumber.open(BytesIO(self.notice._render_letter())) as document:
            (page,) = document.pages
            self.assertIn("Jeanne Dupont", page.extract_text())
            (signature,) = page.images
            self.assertGreater(signature["x0"], 100 * MM)
            # Nothing runs into the foot of the page nor off the sheet.
            foot = next(word for word in page.extract_words() if word["text"] == "RCS" and word["top"] > 270 * MM)
            self.assertLess(signature["bottom"], foot["top"])
            self.assertGreaterEqual(min(char["x0"] for char in page.chars), 20 * MM - 0.1)
            self.assertLessEqual(max(char["x1"] for char in page.chars), 190 * MM + 0.1)

    def test_the_email_that_goes_with_it_claims_the_same(self):
        table = re.sub(r"<[^>]+>", " ", self.notice.items_table).replace("\u00a0", " ")
        table = " ".join(table.split())
        self.assertTrue(
            table.endswith(
                "Total due in EUR 1,000.00 € Late-payment interest 9.99 € Lump sum for recovery costs 40.00 € "
                "Total claimed 1,049.99 €"
            ),
            table,
        )
        self.assertEqual(self.notice.total_text.replace("\u00a0", " "), "1,049.99 €")


@tagged("post_install", "-at_install")
class TestANoticeOfAnySize(NoticeCase):
    """Every item is there, with the total of its currency; several currencies are never added."""

    def test_forty_items_over_three_pages(self):
        partner = self.make_customer()
        invoices = [self.make_invoice(partner, 100 + rank, due=day(-30), ref=f"PO {rank:03d}") for rank in range(40)]
        pages = self.read_pages(self.make_notice(*invoices)._render_letter())
        self.assertEqual([page[-1] for page in pages], ["Page 1/3", "Page 2/3", "Page 3/3"])
        rows = [line.split()[0] for page in pages for line in page if re.match(r"INV/\d+/\d+ ", line)]
        self.assertEqual(sorted(rows), sorted(invoice.name for invoice in invoices))
        for page in pages[1:]:
            self.assertTrue(page[0].startswith("Atelier Dupont "))
        # 40 × 100 + 780, their interest of a cent-rounded 30 days each, and 40 lump sums
        total = next(line for line in pages[-1] if line.startswith("To be paid by"))
        interest = sum(round((100 + rank) * 12.15 * 30 / 36500 + 1e-9, 2) for rank in range(40))
        self.assertTrue(total.endswith(f": {4780 + interest + 1600:,.2f} €"), total)
        self.assertIn("Jeanne Dupont", pages[-1])

    def test_three_currencies_and_lump_sums_in_euros(self):
        dollar, pound = self.env.ref("base.USD"), self.env.ref("base.GBP")
        (dollar | pound).active = True
        partner = self.make_customer()
        notice = self.make_notice(
            self.make_invoice(partner, 1000, due=day(-30)),
            self.make_invoice(partner, 300, due=day(-30), currency=dollar),
            self.make_invoice(partner, 80, due=day(-30), currency=pound),
        )
        text = self.read_text(notice)
        self.assertIn("Total in EUR 1,000.00 € 1,000.00 € 9.99 € 40.00 € 1,049.99 €", text)
        self.assertIn("Total in GBP £ 80.00 £ 80.00 £ 0.80 40.00 € £ 80.80 + 40.00 €", text)
        self.assertIn("Total in USD $ 300.00 $ 300.00 $ 3.00 40.00 € $ 303.00 + 40.00 €", text)
        self.assertIn("To be paid by 25 March 2026: 1,129.99 € and £ 80.80 and $ 303.00", text)
        self.assertIn("eighty pounds sterling and eighty pence", text)
        ((_kind, payload),) = self.read_codes(notice)
        self.assertEqual(payload.split("\n")[7], "EUR1129.99")


@tagged("post_install", "-at_install")
class TestALetterInAnyLanguage(NoticeCase):
    """One run prints letters of every language installed; what no font can write is held, in words."""

    def notice_to(self, name, **values):
        return self.make_notice(self.make_invoice(self.make_customer(name, **values), 1000, due=day(-30)))

    def test_polish_and_greek_names(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["res.lang"]._activate_lang("el_GR")
        for name, city, country, lang, amount, deadline in (
            ("Przedsiębiorstwo Łąkowski", "Gdańsk", "base.pl", "pl_PL", "1000,00 €", "25 marca 2026"),
            ("Παπαδόπουλος ΑΕ", "Θεσσαλονίκη", "base.gr", "el_GR", "1.000,00 €", "25 Μαρτίου 2026"),
        ):
            values = {"city": city, "zip": "80-001", "country_id": self.env.ref(country).id, "lang": lang}
            text = self.read_text(self.notice_to(name, company_registry=False, **values))
            for words in (name, city.upper(), f"To be paid by {deadline}: {amount}"):
                self.assertIn(words, text)

    def test_a_chinese_name_is_held_until_a_font_can_write_it(self):
        notice = self.notice_to("上海贸易", lang="en_US")
        self.assertEqual(self.obstacle_of(notice), "No font of this server can print these characters: 上 易 海 贸")

    def test_each_letter_of_a_run_is_in_its_own_language(self):
        french, english = self.notice_to("Durand", lang="fr_FR"), self.notice_to("Smith", lang="en_US")
        self.assertIn("10 mars 2026", self.read_text(french))
        self.assertIn("10 March 2026", self.read_text(english))
        self.assertIn("mille quarante-neuf euros et quatre-vingt-dix-neuf centimes", self.read_text(french))


@tagged("post_install", "-at_install")
class TestEachCompanysOwnWords(NoticeCase):
    """One text takes the place of another in the letters of a company, or to customers abroad; plans do not change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_company("Other")

    def make_variant(self, words, **values):
        return self.env["collection.letter.template"].create(
            {
                "name": words,
                "subject": words,
                "body": f"<p>{words}</p>[[items]]",
                "replaces_id": self.template.id,
                **values,
            }
        )

    def notice(self, **values):
        return self.make_notice(self.make_invoice(self.make_customer(**values), 1000, due=day(-30)))

    def test_the_companys_words_take_the_place_of_those_shipped(self):
        self.make_variant("Of another company", company_id=self.other.id)
        self.assertIn("We hereby give you formal notice to pay", self.read_text(self.notice()))
        self.make_variant("In our own words", company_id=self.company.id)
        self.assertIn("In our own words", self.read_text(self.notice()))

    def test_abroad_the_notice_speaks_of_no_french_article(self):
        text = self.read_text(
            self.notice(country_id=self.env.ref("base.de").id, zip="80331", city="München", company_registry=False)
        )
        self.assertIn("We hereby give you formal notice (mise en demeure) to pay", text)
        self.assertIn("regulation (EC) no. 1896/2006", text)
        self.assertNotIn("French Civil Code", text)

    def test_words_for_abroad_come_before_those_of_the_company(self):
        self.make_variant("In our own words", company_id=self.company.id)
        text = self.read_text(
            self.notice(country_id=self.env.ref("base.de").id, zip="80331", city="München", company_registry=False)
        )
        self.assertIn("(mise en demeure)", text)
