"""All that collection holds about a customer, for whoever asks what is known of him."""

import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import day
from .score_case import ScoreCase

GROUP = "credit_collection.group_collection_"
OTHER = "Zyxwvut"


class PersonalDataCase(ScoreCase):
    """Yann Guillou was reminded, promised and was called; another customer is nobody's business."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.manager = new_test_user(cls.env, "manager", f"base.group_user,{GROUP}manager")
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        partner = cls.make_partner("Yann Guillou", is_company=False, phone="02 61 91 20 01")
        cls.invoice = cls.make_invoice(partner, 1000, due=day(-5))
        other = cls.make_partner(OTHER)
        cls.make_invoice(other, 7777, due=day(-5))
        cls.debtor = cls.debtor_of(partner)
        cls.run_and_send()
        cls.env["collection.promise"].create(
            {
                "debtor_id": cls.debtor.id,
                "amount": 1000,
                "currency_id": cls.euro.id,
                "date": day(5),
                "note": "By transfer",
            }
        )
        cls.debtor.message_post(body="Called back at noon")
        cls.refresh_history()
        cls.env.flush_all()


@tagged("post_install", "-at_install")
class TestTheExport(PersonalDataCase):
    """One JSON document, of him and of nobody else."""

    def export(self):
        return json.loads(self.debtor.with_user(self.manager)._export_personal_data())

    def test_it_has_the_contact(self):
        data = self.export()
        self.assertEqual(data["customer"], "Yann Guillou")
        contact = data["contacts"][0]
        self.assertEqual(
            (contact["name"], contact["phone"], contact["city"]), ("Yann Guillou", "02 61 91 20 01", "Lyon")
        )

    def test_it_has_the_records_of_every_table_that_leads_to_him(self):
        records = self.export()["records"]
        for model in (
            "debtor",
            "item",
            "reminder",
            "reminder.line",
            "delivery",
            "promise",
            "payment.history",
            "snapshot",
        ):
            self.assertIn(f"collection.{model}", records)
        self.assertEqual(records["collection.promise"]["rows"][0]["note"], "By transfer")
        history = records["collection.payment.history"]["rows"][0]
        self.assertEqual((history["due"], history["amount"], history["paid_on"]), (str(day(-5)), 1000.0, None))

    def test_it_has_the_messages(self):
        self.assertIn("Called back at noon", [message["text"] for message in self.export()["messages"]])

    def test_it_has_nothing_of_another_customer(self):
        self.assertNotIn(OTHER, json.dumps(self.export(), ensure_ascii=False))

    def test_the_button_leads_to_the_file(self):
        action = self.debtor.with_user(self.manager).action_export_personal_data()
        self.assertEqual(action["url"], f"/collection/person/{self.debtor.id}")

    def test_a_collector_does_not_export(self):
        for action in (
            self.debtor.with_user(self.collector).action_export_personal_data,
            self.debtor.with_user(self.collector)._export_personal_data,
        ):
            with self.assertRaisesRegex(AccessError, "A collection manager exports"):
                action()


@tagged("post_install", "-at_install")
class TestTheDownload(PersonalDataCase, HttpCase):
    """As a file that the browser keeps; not found by whom it is not for."""

    def fetch(self, login):
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            return self.url_open(f"/collection/person/{self.debtor.id}")

    def test_for_a_manager(self):
        answer = self.fetch("manager")
        self.assertEqual((answer.status_code, answer.json()["customer"]), (200, "Yann Guillou"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_that_it_was_made_stands_on_the_page_however_it_was_asked_for(self):
        self.fetch("manager")
        last = self.debtor.message_ids[0]
        self.assertIn("All that collection holds about this customer was exported.", last.body)
        self.assertEqual(last.author_id, self.manager.partner_id)

    def test_for_a_collector_it_is_not_found(self):
        self.assertEqual(self.fetch("collector").status_code, 404)
