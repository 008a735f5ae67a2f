from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request


def find_readable(model, record_id):
    """The record if the user may read it, else an empty set: what is forbidden is not told from what does not exist."""
    record = request.env[model].browse(record_id)
    try:
        record.check_access("read")
        return record.exists()
    except (AccessError, MissingError):
        return record.browse()


def download(content, name, mimetype):
    """Answer that the browser keeps as a file and never opens as a page."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", mimetype),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
