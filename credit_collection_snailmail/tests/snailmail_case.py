"""Reminders that leave as simple letters through Snailmail, whose server is played by the tests."""

from base64 import b64decode
from io import BytesIO
from unittest.mock import patch

import pdfplumber

from odoo.exceptions import AccessError

from odoo.addons.credit_collection.tests.common import day
from odoo.addons.credit_collection.tests.outbox_case import OutboxCase

IAP_CALL = "odoo.addons.iap.tools.iap_tools.iap_jsonrpc"


class Snailmail:
    """What Snailmail was asked, and what it answers: ``errors`` are those of the next letters, None for one sent."""

    def __init__(self):
        self.requests = []
        self.errors = []
        self.failure = None
        self.on_print = None

    def __call__(self, url, method="call", params=None, timeout=15):
        self.requests.append((url, params))
        if self.on_print:
            self.on_print()
        if self.failure:
            self.fail()
        (document,) = params["documents"]
        error = self.errors.pop(0) if self.errors else None
        answer = {"error": error} if error else {"sent": True, "send_id": f"SM{len(self.requests)}"}
        return {
            "request_code": 200,
            "total_cost": 0 if error else 1.5,
            "credit_error": error == "CREDIT_ERROR",
            "request": {"documents": [{"letter_id": document["letter_id"], **answer}], "options": params["options"]},
        }

    def fail(self):
        """As core's own call does: an AccessError in place of what the network said."""
        try:
            raise self.failure
        except type(self.failure):
            words = "An error occurred while reaching Snailmail."
            raise AccessError(words)  # noqa: B904 (as core raises it)

    @property
    def documents(self):
        """The documents asked to be printed, in order."""
        return [document for _url, params in self.requests for document in params["documents"]]

    def pdf(self, rank=-1):
        """The file of a document."""
        return b64decode(self.documents[rank]["pdf_bin"])


class SnailmailCase(OutboxCase):
    """A company whose simple letters go through Snailmail, and a plan that sends letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "collection_snailmail": True,
                "street": "1 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.company.partner_id.lang = "en_US"
        cls.make_plan([("Relance", 3, {"channels": ("letter",)}), ("Suite", 30)])
        cls.letter_template.body = "<p>Please pay.</p>[[items]]"

    def setUp(self):
        super().setUp()
        self.snailmail = Snailmail()
        self.startPatcher(patch(IAP_CALL, self.snailmail))

    def letters_for(self, *partners, amount=1200):
        """Their letters, once the outbox has been through; in the order of ``partners``."""
        for partner in partners or (self.partner,):
            self.make_invoice(partner, amount, due=day(-5))
        reminders = self.prepare()
        self.process_outbox()
        letters = reminders.delivery_ids.filtered(lambda delivery: delivery.channel != "email")
        by_partner = {letter.debtor_id.partner_id: letter for letter in letters}
        return self.env["collection.delivery"].union(*(by_partner[partner] for partner in partners or (self.partner,)))

    def pay_now(self, invoice):
        """The invoice is paid in full while something else goes on."""
        self.pay(invoice, invoice.amount_residual)
        self.env.flush_all()

    def words_of(self, content):
        """(text, left, top) of the lines of the first page, in millimetres."""
        with pdfplumber.open(BytesIO(content)) as document:
            lines = document.pages[0].extract_words(keep_blank_chars=True, use_text_flow=True)
        unit = 25.4 / 72
        return [(line["text"], line["x0"] * unit, line["top"] * unit, line["x1"] * unit) for line in lines]
