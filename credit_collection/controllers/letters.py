from odoo import http
from odoo.http import request

from .downloads import download


class CollectionLetters(http.Controller):
    @http.route("/collection/letters", type="http", auth="user", methods=["GET"], readonly=True)
    def print_letters(self, ids="", duplex="1"):
        """One PDF of the letters of these deliveries, in postal order; those the user may not read are not found."""
        numbers = [int(number) for number in ids.split(",") if number.isdigit()]
        deliveries = request.env["collection.delivery"].search([("id", "in", numbers), ("attachment_id", "!=", False)])
        if not deliveries:
            return request.not_found()
        # The letters belong to the debtors' pages, which the search above has shown the user may read.
        content = deliveries._merge_letters(duplex=duplex == "1")
        return download(content, f"{request.env._('letters')}.pdf", "application/pdf")
