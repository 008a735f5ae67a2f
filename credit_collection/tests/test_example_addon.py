"""The extension that docs/extending.md shows is a real add-on, installed here beside this one."""

from pathlib import Path
from unittest.mock import patch

import odoo.addons
from odoo import Command
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tools import config

from .common import day
from .own_database import OwnDatabaseCase

FOLDER = str(Path(__file__).with_name("example"))


@tagged("post_install", "-at_install")
class TestExampleAddon(OwnDatabaseCase):
    """What the documentation promises to who extends collection is true of its example."""

    @classmethod
    def _load_registry(cls):
        cls.startClassPatcher(patch.object(odoo.addons, "__path__", [*odoo.addons.__path__, FOLDER]))
        enabled, config["test_enable"] = config["test_enable"], False
        try:
            Registry.new(cls.database, update_module=True, install_modules=["credit_collection_example"])
        finally:
            config["test_enable"] = enabled

    @classmethod
    def prepare(cls):
        cls.plan = cls.make_plan([("Rappel", 3, {"channels": ("fax",)})])
        cls.partner = cls.make_partner(phone="01 99 00 12 34")
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))

    def test_a_part_added_to_the_decision_takes_its_euros_out_of_the_claim_until_its_day(self):
        self.env["sale.commercial.gesture"].create(
            {"move_line_id": self.open_lines(self.invoice).id, "amount": 150, "until": day(0)}
        )
        self.assert_decided(self.invoice, "level", "Rappel", 850.0)
        self.set_today(day(1))
        self.assert_decided(self.invoice, "level", "Rappel", 1000.0)

    def test_an_invoice_that_is_all_gesture_says_why_and_until_when(self):
        self.env["sale.commercial.gesture"].create(
            {"move_line_id": self.open_lines(self.invoice).id, "amount": 1000, "until": day(4)}
        )
        self.assertEqual(self.decide()[self.invoice.name], ("disputed", None, 0.0, day(4)))

    def test_a_channel_says_what_it_lacks_to_reach_a_customer(self):
        reminder = self.plan_run().reminder_ids
        fax = self.env["collection.channel"]._get_channel("fax")
        self.assertEqual(fax._get_obstacles(reminder), {})
        self.partner.phone = False
        self.assertEqual(fax._get_obstacles(reminder), {reminder: "Menuiserie Durand has no number."})

    def test_a_channel_is_offered_to_levels_and_hands_over(self):
        offered = dict(self.env["collection.level.channel"]._selection_channel())
        self.assertEqual(offered["fax"], "Fax")
        run = self.plan_run()
        run.action_send()
        delivery = run.reminder_ids.delivery_ids
        self.assertEqual((delivery.channel, delivery.state), ("fax", "queued"))
        self.env["collection.channel"]._get_channel("fax")._process(delivery)
        self.assertEqual((delivery.state, run.reminder_ids.state), ("handed_over", "sent"))
        self.assertEqual(self.item_of(self.invoice).level_id, self.plan.level_ids)

    def test_a_channel_says_why_it_cannot_take_a_reminder(self):
        self.partner.phone = False
        run = self.plan_run()
        run.action_send()
        self.assertEqual(run.reminder_ids.hold_reason, "Menuiserie Durand has no number.")

    def test_a_level_that_goes_out_by_the_channel_needs_no_text(self):
        level = self.plan.level_ids.copy({"day": 20, "mail_template_id": False, "letter_template_id": False})
        self.assertEqual(level.channel_ids.mapped("channel"), ["fax"])
        level.channel_ids = [Command.create({"channel": "task"})]
        self.assertEqual(level.channel_summary, "Fax + Task")
