import zlib

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..calc.kept_message import FileMissing, fingerprint, unpack


class CollectionDocument(models.Model):
    """A file kept exactly as it was sent or received, with the fingerprint it had on that day.

    Made by the program alone: nobody has the right to write one.
    """

    _name = "collection.document"
    _description = "Kept Document"
    _order = "id"

    delivery_id = fields.Many2one("collection.delivery", ondelete="cascade", index="btree_not_null", readonly=True)
    deposit_id = fields.Many2one("collection.deposit", ondelete="restrict", index="btree_not_null", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", required=True, ondelete="restrict", index=True, readonly=True
    )
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("letter", "Letter"),
            ("message", "E-mail"),
            ("slip", "Deposit slip"),
            ("deposit_proof", "Proof of deposit"),
            ("receipt", "Acknowledgement of receipt"),
            ("returned", "Returned envelope"),
        ],
        required=True,
        readonly=True,
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    kept_at = fields.Datetime(string="Kept on", required=True, readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True, help="Empty for a letter not yet in the post.")

    _owner = models.Constraint(
        "CHECK (num_nonnulls(delivery_id, deposit_id) = 1)", "A kept document belongs to one delivery or one deposit."
    )

    @api.model
    def _attach(self, shown_on, name, content, mimetype="application/pdf"):
        """File of the program's own on the page of ``shown_on``: whoever reads that record reads the file."""
        # The program writes it on behalf of a user who may only read the page.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": shown_on._name,
                    "res_id": shown_on.id,
                }
            )
        )

    @api.model
    def _keep(self, owner, kind, attachment, sent=False):
        """Keep ``attachment`` as what ``owner`` sent or received: see ``_get_owner_field``."""
        # The program's own record: whoever sends may not write it.
        documents = self.sudo()
        # Whose file it is has been checked by who made it; only its fingerprint and name are kept here.
        content = attachment.sudo().raw or b""
        now = fields.Datetime.now()
        return documents.create(
            {
                self._get_owner_field(owner): owner.id,
                "attachment_id": attachment.id,
                "name": attachment.sudo().name,
                "kind": kind,
                "sha256": fingerprint(content),
                "size": len(content),
                "kept_at": now,
                "sent_at": now if sent else False,
            }
        )

    @api.model
    def _get_owner_field(self, owner):
        """Name of the field that holds the owner: a delivery or a deposit. Override for another kind."""
        return "delivery_id" if owner._name == "collection.delivery" else "deposit_id"

    def _verify(self):
        """[(whether the file is as it was kept, that in words)] for each document."""
        return [self._judge(document.name, document.sha256, document._read(), document._get_day()) for document in self]

    def _read(self):
        # Verified for whoever reads the document; of the file only its fingerprint is told.
        return self.attachment_id.sudo().raw or None

    def _get_day(self):
        return self.sent_at or self.kept_at

    @api.model
    def _judge(self, name, sha256, content, day):
        """(whether ``content`` has that fingerprint, that in words); ``content`` is None where nothing is left."""
        values = {"name": name, "date": format_datetime(self.env, day), "sha256": sha256}
        if content is None:
            return False, self.env._("%(name)s: the file is no longer there (kept on %(date)s).", **values)
        if fingerprint(content) != sha256:
            return False, self.env._("%(name)s: CHANGED since %(date)s, its SHA-256 is no longer %(sha256)s.", **values)
        return True, self.env._("%(name)s: exactly as on %(date)s, SHA-256 %(sha256)s.", **values)

    def action_verify(self):
        """Compute the fingerprints again and say whether the documents are as they were sent."""
        self.check_access("read")
        return self._show_verdicts(self._verify())

    @api.model
    def _show_verdicts(self, verdicts):
        """Notification that says each verdict, red as soon as one is bad."""
        intact = all(good for good, _words in verdicts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if intact else "danger",
                "sticky": True,
                "title": self.env._("Exactly as sent") if intact else self.env._("Not as it was sent"),
                "message": "\n".join(words for _good, words in verdicts),
            },
        }

    def action_open(self):
        """Download of the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }


def unpack_message(packed, files):
    """The e-mail as it left; None when it, or a file that went with it, is damaged or gone."""
    try:
        return unpack(packed, files)
    except (FileMissing, zlib.error):
        return None
