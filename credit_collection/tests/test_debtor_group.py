"""A parent company and its subsidiaries: seen together, chased together or apart."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"


class GroupCase(CollectionCase):
    """A holding with two subsidiaries, one of which has a plant of its own; and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_plan()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.holding = cls.make_partner("Holding")
        cls.north = cls.make_partner("Nord", parent_id=cls.holding.id)
        cls.south = cls.make_partner("Sud", parent_id=cls.holding.id)
        cls.plant = cls.make_partner("Usine", parent_id=cls.south.id)
        cls.stranger = cls.make_partner("Autre")
        for partner, amount, offset in (
            (cls.holding, 1000, 10),
            (cls.north, 200, -5),
            (cls.south, 30, -40),
            (cls.plant, 4, -5),
            (cls.stranger, 50000, -5),
        ):
            cls.make_invoice(partner, amount, due=day(offset))
        cls.make_invoice(cls.plant, 7, due=day(-5), currency=cls.dollar)
        cls.collector = new_test_user(cls.env, "collector", f"base.group_user,{GROUP}collector")
        cls.debtors = {partner: cls.debtor_of(partner) for partner in (cls.holding, cls.north, cls.south, cls.plant)}
        cls.head = cls.debtors[cls.holding]

    def group(self, partner, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        debtor = self.debtors[partner]
        return (debtor.with_user(user) if user else debtor).page_figures["group"]


@tagged("post_install", "-at_install")
class TestTheGroupIsSeenTogether(GroupCase):
    """The sums of its companies stand on the page of each, by currency."""

    def test_the_same_sums_from_the_head_and_from_a_plant(self):
        for partner in (self.holding, self.plant):
            group = self.group(partner)
            self.assertEqual((group["name"], group["count"]), ("Holding", 4))
            self.assertEqual(
                [(sum_["overdue_amount"], sum_["balance_amount"]) for sum_ in group["figures"]],
                [(234.0, 1234.0), (7.0, 7.0)],
            )

    def test_its_companies_are_listed(self):
        action = self.head.with_context(figure="group").action_open_figure()
        found = self.env["collection.debtor"].search(action["domain"])
        self.assertEqual(found.partner_id, self.holding | self.north | self.south | self.plant)

    def test_a_company_alone_has_no_group(self):
        self.assertFalse(self.debtor_of(self.stranger).page_figures["group"])

    def test_other_portfolios_are_neither_counted_nor_summed(self):
        self.debtors[self.south].user_id = self.env.user
        self.company.collection_own_debtors_only = True
        group = self.group(self.holding, self.collector)
        self.assertEqual((group["count"], group["figures"][0]["overdue_amount"]), (3, 204.0))


@tagged("post_install", "-at_install")
class TestTheGroupIsChasedTogetherOrApart(GroupCase):
    """In a click the head receives the reminders of all; in another each receives its own again."""

    def receivers(self):
        reminders = self.plan_run().reminder_ids
        found = {
            reminder.partner_id.name: reminder._get_recipients("email")[0].mapped("name") for reminder in reminders
        }
        reminders.action_cancel()
        return found

    def test_together_and_apart(self):
        self.debtors[self.plant].with_user(self.collector).action_chase_together()
        self.assertEqual(
            {name: found for name, found in self.receivers().items() if name != "Autre"},
            {"Nord": ["Holding"], "Sud": ["Holding"], "Usine": ["Holding"]},
        )
        self.assertTrue(self.group(self.north)["together"])
        self.assertFalse(self.head.payer_id)
        self.head.with_user(self.collector).action_chase_apart()
        self.assertEqual(self.receivers()["Nord"], ["Nord"])
        self.assertFalse(self.group(self.north)["together"])

    def test_contacts_of_their_own_come_first_and_it_is_said(self):
        contact = self.env["res.partner"].create(
            {"name": "Anne", "parent_id": self.north.id, "email": "anne@nord.example"}
        )
        self.debtors[self.north].contact_ids = contact
        action = self.head.action_chase_together()
        self.assertIn("Nord", action["params"]["message"])

    def test_a_payer_outside_the_group_stays_when_they_go_apart(self):
        self.debtors[self.north].payer_id = self.stranger
        self.head.action_chase_apart()
        self.assertEqual(self.debtors[self.north].payer_id, self.stranger)

    def test_a_company_alone(self):
        with self.assertRaisesRegex(UserError, "neither parent company nor subsidiary"):
            self.debtor_of(self.stranger).action_chase_together()
