from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .downloads import download, find_readable


class CollectionPersonalData(http.Controller):
    @http.route("/collection/person/<int:debtor_id>", type="http", auth="user", methods=["GET"])
    def download_personal_data(self, debtor_id):
        """JSON of all that collection holds about a customer; one the user may not export is not found."""
        debtor = find_readable("collection.debtor", debtor_id)
        try:
            content = debtor and debtor._export_personal_data()
        except AccessError:
            content = None
        if not content:
            return request.not_found()
        name = f"{request.env._('Data held')} - {debtor.display_name}.json".replace("/", "-")
        return download(content, name, "application/json; charset=utf-8")
