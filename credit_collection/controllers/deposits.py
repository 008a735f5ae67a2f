from odoo import http
from odoo.http import request

from .downloads import download, find_readable


class CollectionDeposits(http.Controller):
    @http.route("/collection/deposit/<int:deposit_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def print_deposit(self, deposit_id):
        """One PDF of the slip and the letters of a deposit; one the user may not read is not found."""
        deposit = find_readable("collection.deposit", deposit_id)
        if not deposit:
            return request.not_found()
        return download(deposit._render_print_run(), f"{deposit.name}.pdf", "application/pdf")

    @http.route("/collection/message/<int:delivery_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download_message(self, delivery_id):
        """The e-mail exactly as it left; one the user may not read, or that is damaged, is not found."""
        delivery = find_readable("collection.delivery", delivery_id)
        content = delivery and delivery.message_sha256 and delivery._read_message()
        if not content:
            return request.not_found()
        return download(content, delivery._get_message_name(), "message/rfc822")
