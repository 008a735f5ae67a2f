from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .downloads import download
from .interest import WORKBOOK


class CollectionForecastWorkbook(http.Controller):
    @http.route("/collection/forecast/xlsx", type="http", auth="user", methods=["GET"], readonly=True)
    def download_forecast(self, company_id="", currency_id="", granularity="", scope="", cids="", **_ignored):
        """Workbook of the forecast as the screen shows it; without the right to read it, it is not found.

        ``cids``: the companies chosen in the client, as its own addresses name them.
        """
        # Only companies that the user may enter.
        chosen = [int(number) for number in cids.split("-") if number.isdecimal()]
        allowed = [number for number in chosen if number in request.env.user._get_company_ids()]
        if allowed:
            request.update_context(allowed_company_ids=allowed)
        options = {
            "company_id": int(company_id) if company_id.isdecimal() else None,
            "currency_id": int(currency_id) if currency_id.isdecimal() else None,
            "granularity": granularity,
            "scope": scope,
        }
        try:
            rendered = request.env["collection.forecast"]._render_forecast_workbook(options)
        except AccessError:
            return request.not_found()
        if not rendered:
            return request.not_found()
        return download(*rendered, WORKBOOK)
