from odoo.tests import tagged

from odoo.addons.credit_collection.tests.common import CollectionCase


@tagged("post_install", "-at_install")
class TestSnailmailIsChosenInTheSettings(CollectionCase):
    """Off until somebody asks for it."""

    def test_off_at_first(self):
        self.assertFalse(self.env["res.company"].create({"name": "Nouvelle"}).collection_snailmail)

    def test_chosen_with_what_it_prints(self):
        self.company.write({"snailmail_color": True, "snailmail_duplex": False, "snailmail_cover": False})
        settings = self.env["res.config.settings"].create({})
        settings.write(
            {
                "collection_snailmail": True,
                "collection_snailmail_color": False,
                "collection_snailmail_duplex": True,
                "collection_snailmail_cover": True,
            }
        )
        settings.execute()
        self.assertEqual(
            (
                self.company.collection_snailmail,
                self.company.snailmail_color,
                self.company.snailmail_duplex,
                self.company.snailmail_cover,
            ),
            (True, False, True, True),
        )
