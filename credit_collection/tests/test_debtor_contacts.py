"""Who to talk to: contacts by role, verified or not, reachable or not, kept right by those who collect."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import TODAY, CollectionCase, day

GROUP = "credit_collection.group_collection_"


class ContactsCase(CollectionCase):
    """A customer with an accountant and an invoice contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.partner = cls.make_partner()
        cls.anne, cls.billing = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": cls.partner.id,
                    "email": f"{name.lower()}@durand.example",
                    "phone": "04 72 00 00 00",
                    "type": kind,
                }
                for name, kind in (("Anne", "contact"), ("Facturation", "invoice"))
            ]
        )
        cls.make_invoice(cls.partner, 100, due=day(-5))
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        cls.reader = new_test_user(cls.env, "reader", f"base.group_user,{GROUP}reader")
        cls.debtor = cls.debtor_of(cls.partner)
        cls.debtor.contact_ids = cls.anne

    def contacts(self):
        """{name: what the page says of the contact}."""
        self.env.invalidate_all()
        return {contact["name"]: contact for contact in self.debtor.page_contacts["contacts"]}

    def naming(self, contact, user=None):
        return self.debtor.with_user(user or self.collector).with_context(contact_id=contact.id)


@tagged("post_install", "-at_install")
class TestContactsOfThePage(ContactsCase):
    """Those who receive come first, each with its roles."""

    def test_roles_in_order(self):
        self.assertEqual(
            [(name, contact["roles"], contact["receives"]) for name, contact in self.contacts().items()],
            [
                ("Anne", ["Collection"], True),
                ("Facturation", ["Invoices"], False),
                ("Menuiserie Durand", ["Company"], False),
            ],
        )

    def test_a_bounce_is_flagged_and_the_next_receives(self):
        self.anne.message_bounce = 2
        contacts = self.contacts()
        self.assertTrue(contacts["Anne"]["bounces"])
        self.assertEqual([name for name, contact in contacts.items() if contact["receives"]], ["Facturation"])

    def test_verified_long_ago_is_said(self):
        self.anne.collection_verified_on = day(-400)
        self.billing.collection_verified_on = day(-10)
        contacts = self.contacts()
        self.assertEqual(
            [(contacts[name]["verified"], contacts[name]["stale"]) for name in ("Anne", "Facturation")],
            [("02/03/2025", True), ("02/28/2026", False)],
        )

    def test_the_language_is_named(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        self.debtor._refresh_figures()
        self.assertIn("French", self.debtor.language_name)


@tagged("post_install", "-at_install")
class TestKeepingContactsRight(ContactsCase):
    """A collector without the right to edit contacts keeps those of his debtors right, and no other."""

    def test_verified_today(self):
        self.anne.collection_wrong_on = day(-3)
        self.naming(self.anne).action_verify_contact()
        self.assertEqual((self.anne.collection_verified_on, self.anne.collection_wrong_on), (TODAY, False))

    def test_not_somebody_else_s_contact(self):
        stranger = self.make_partner("Autre")
        for method in ("action_verify_contact", "action_open_contact", "action_edit_contact"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(self.naming(stranger), method)()
        self.assertFalse(stranger.collection_verified_on)

    def test_a_reader_verifies_nothing(self):
        with mute_logger("odoo.addons.base.models.ir_model"):
            self.assertRaises(AccessError, self.naming(self.anne, self.reader).action_verify_contact)

    def change(self, **values):
        action = (
            self.naming(values.pop("contact")).action_edit_contact()
            if "contact" in values
            else self.debtor.with_user(self.collector).action_add_contact()
        )
        model = self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"])
        form = Form(model)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_a_new_contact_receives_the_reminders(self):
        self.change(name="Luc Martin", email="luc@durand.example", hours="le matin").action_apply()
        luc = self.debtor.contact_ids - self.anne
        self.assertEqual(
            (luc.name, luc.parent_id, luc.collection_hours, luc.collection_verified_on),
            ("Luc Martin", self.partner, "le matin", TODAY),
        )

    def test_a_corrected_address_no_longer_bounces(self):
        self.anne.message_bounce = 2
        self.change(contact=self.anne, email="anne.durand@durand.example").action_apply()
        self.assertEqual((self.anne.email, self.anne.message_bounce), ("anne.durand@durand.example", 0))
        self.assertTrue(self.debtor.has_email)

    def test_the_company_s_own_name_is_not_changed_from_here(self):
        wizard = self.change(contact=self.partner, hours="l'après-midi")
        wizard.write({"name": "Pirate", "email": "pirate@example.com"})
        wizard.action_apply()
        self.assertEqual(
            (self.partner.name, self.partner.email, self.partner.collection_hours),
            ("Menuiserie Durand", "compta@menuiserie.durand.example", "l'après-midi"),
        )

    def test_neither_is_the_address_of_a_user(self):
        user = new_test_user(self.env, "portal_anne", "base.group_portal", partner_id=self.anne.id)
        self.assertEqual(user.partner_id, self.anne)
        with self.assertRaisesRegex(UserError, "is a user"):
            self.change(contact=self.anne, email="pirate@example.com").action_apply()

    def test_nor_another_customer_s_contact_by_rpc(self):
        stranger = self.make_partner("Autre")
        wizard = self.change(name="X")
        wizard.contact_id = stranger
        with self.assertRaisesRegex(UserError, "not a contact of"):
            wizard.action_apply()

    def test_what_is_no_address_is_refused(self):
        with self.assertRaisesRegex(UserError, "not an e-mail address"):
            self.change(name="Luc", email="pas une adresse").action_apply()


@tagged("post_install", "-at_install")
class TestAddressesToFind(ContactsCase):
    """To do counts the overdue customers whom no e-mail reaches, or whose contact's e-mails come back."""

    def count(self):
        self.debtor._refresh_figures()
        self.env.flush_all()
        self.env.invalidate_all()
        todo = self.env["collection.todo"].with_user(self.collector).search([])
        return todo.filtered(lambda it: it.code == "contacts").count

    def test_reached_by_e_mail(self):
        self.assertEqual(self.count(), 0)

    def test_a_contact_s_e_mails_come_back(self):
        self.anne.message_bounce = 1
        self.assertEqual(self.count(), 1)

    def test_no_e_mail_at_all(self):
        (self.anne | self.billing | self.partner).email = False
        self.assertEqual(self.count(), 1)
