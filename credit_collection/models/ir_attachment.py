from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

# Where kept documents stand: other files are none of our business, and cost nothing.
KEPT_ON = ("collection.debtor", "collection.deposit")
CONTENT_FIELDS = frozenset(
    {"raw", "datas", "db_datas", "store_fname", "name", "mimetype", "type", "url", "res_model", "res_id"}
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Refuse to change a file that was sent or received as a proof."""
        if CONTENT_FIELDS & vals.keys():
            self._check_not_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._check_not_kept()

    def _check_not_kept(self):
        """Raise AccessError, in words, for files kept as proof; the program's own doings excepted."""
        if self.env.su:
            return
        candidates = self.filtered(lambda attachment: attachment.res_model in KEPT_ON)
        if candidates and candidates._find_kept():
            raise AccessError(
                self.env._("This file is kept as proof of what was sent: it can be neither changed nor deleted.")
            )

    def _find_kept(self):
        """Those of the files that are kept documents, or went with an e-mail that is kept."""
        self.env["collection.document"].flush_model(["attachment_id"])
        self.env["collection.delivery"].flush_model(["mail_message_id", "message_sha256"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT attachment_id FROM collection_document WHERE attachment_id IN %(ids)s
                 UNION
                SELECT went.attachment_id FROM message_attachment_rel went
                  JOIN collection_delivery delivery ON delivery.mail_message_id = went.message_id
                 WHERE went.attachment_id IN %(ids)s AND delivery.message_sha256 IS NOT NULL
                """,
                ids=tuple(self.ids),
            )
        )
        return self.browse(attachment_id for (attachment_id,) in rows)
