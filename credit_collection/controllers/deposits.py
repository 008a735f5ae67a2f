from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


class CollectionDeposits(http.Controller):
    @http.route("/collection/deposit/<int:deposit_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def print_deposit(self, deposit_id):
        """One PDF of the slip and the letters of a deposit; one the user may not read is not found."""
        deposit = _find("collection.deposit", deposit_id)
        if not deposit:
            return request.not_found()
        return _download(deposit._render_print_run(), f"{deposit.name}.pdf", "application/pdf")

    @http.route("/collection/message/<int:delivery_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download_message(self, delivery_id):
        """The e-mail exactly as it left; one the user may not read, or that is damaged, is not found."""
        delivery = _find("collection.delivery", delivery_id)
        content = delivery and delivery.message_sha256 and delivery._read_message()
        if not content:
            return request.not_found()
        return _download(content, delivery._get_message_name(), "message/rfc822")


def _find(model, record_id):
    record = request.env[model].browse(record_id)
    try:
        record.check_access("read")
        return record.exists()
    except (AccessError, MissingError):
        return record.browse()


def _download(content, name, mimetype):
    return request.make_response(
        content,
        headers=[
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
