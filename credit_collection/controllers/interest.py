from odoo import http
from odoo.http import request

from .downloads import download, find_readable

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CollectionInterestWorkbooks(http.Controller):
    @http.route(
        "/collection/interest/<string:model>/<int:record_id>", type="http", auth="user", methods=["GET"], readonly=True
    )
    def download_workbook(self, model, record_id):
        """Workbook of the computation of interest of a record; one the user may not read is not found."""
        documents = request.env.registry["collection.interest.documents"]
        known = request.env.registry.models.get(model)
        if not known or not issubclass(known, documents):
            return request.not_found()
        record = find_readable(model, record_id)
        if not record:
            return request.not_found()
        name = f"{request.env._('Late-payment interest')} - {record.display_name}.xlsx".replace("/", "-")
        return download(record._render_interest_workbook(), name, WORKBOOK)
