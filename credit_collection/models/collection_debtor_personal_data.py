import json
from collections import deque

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

MANAGER_GROUP = "credit_collection.group_collection_manager"
# How many steps a record may be away from the customer: the line of a reminder's delivery is three.
MOST_STEPS = 3
# Neither files, which the export names, nor the other side of a link, which stands in its own list.
LEFT_OUT_TYPES = ("binary", "image", "one2many", "properties", "properties_definition")
PARTNER_FIELDS = (
    "name",
    "type",
    "is_company",
    "function",
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "country_id",
    "lang",
    "vat",
    "ref",
)


class CollectionDebtor(models.Model):
    """All that collection holds about a customer, for whoever asks what is known of him.

    Source: regulation (EU) 2016/679, art. 15 and 20. The models are those of the registry: one that is added later, by
    another add-on too, is in the export as soon as its records lead to a debtor.
    """

    _inherit = "collection.debtor"

    def action_export_personal_data(self):
        """Download what collection holds about the customer."""
        self.ensure_one()
        self._check_may_export_personal_data()
        return {"type": "ir.actions.act_url", "url": f"/collection/person/{self.id}", "target": "self"}

    def _check_may_export_personal_data(self):
        """Raise AccessError unless the user is a collection manager who may read the debtor."""
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("A collection manager exports what is known of a customer."))

    def _export_personal_data(self):
        """The export as a JSON document, in UTF-8. The customer's timeline says that it was made, whoever asked."""
        self.ensure_one()
        self._check_may_export_personal_data()
        # The export is of all that there is: not of what each of its tables shows to the user.
        content = self.sudo()._get_personal_data()
        self.message_post(body=self.env._("All that collection holds about this customer was exported."))
        return json.dumps(content, ensure_ascii=False, indent=2, default=str).encode()

    def _get_personal_data(self):
        """The export as plain values. Override to add what is not in a model of collection."""
        self.ensure_one()
        records = self._find_personal_records()
        threads = {name: found for name, found in records.items() if "message_ids" in found._fields}
        return {
            "customer": self.display_name,
            "company": self.company_id.name,
            "exported_on": fields.Datetime.now(),
            "contents": self.env._(
                "All that collection holds about this customer. Its invoices and payments themselves are kept by "
                "accounting, as the law on book-keeping demands."
            ),
            "contacts": self._read_contacts(),
            "records": {
                name: {"description": found._description, "rows": _read_rows(found)}
                for name, found in sorted(records.items())
            },
            "messages": self._read_messages(threads),
            "files": self._read_files(records),
        }

    def _find_personal_records(self):
        """{model: its records about the debtor}, of those models of collection that have a table and such records."""
        found = {self._name: self}
        for name in self.env.registry:
            model = self.env[name]
            if not name.startswith("collection.") or name == self._name or not _has_table(model):
                continue
            path = self._find_path_to_debtor(name)
            if path:
                records = model.with_context(active_test=False).search([(path, "=", self.id)], order="id")
                if records:
                    found[name] = records
        return found

    def _find_path_to_debtor(self, name):
        """Shortest path of stored links from a model of collection to its debtor ("item_id.debtor_id"), or None."""
        waiting = deque([(name, ())])
        while waiting:
            model_name, path = waiting.popleft()
            for field in self.env[model_name]._fields.values():
                if field.type != "many2one" or not field.store:
                    continue
                if field.comodel_name == self._name:
                    return ".".join((*path, field.name))
                if field.comodel_name.startswith("collection.") and len(path) + 1 < MOST_STEPS:
                    waiting.append((field.comodel_name, (*path, field.name)))
        return None

    def _read_contacts(self):
        """The customer and its contacts, with what collection has noted of them."""
        Partner = self.env["res.partner"].with_context(active_test=False)
        contacts = Partner.search([("commercial_partner_id", "=", self.partner_id.id)], order="id")
        noted = [name for name, field in Partner._fields.items() if name.startswith("collection_") and field.store]
        return _read_rows(contacts, [*PARTNER_FIELDS, *noted])

    def _read_messages(self, threads):
        messages = self.env["mail.message"]
        for name, records in threads.items():
            messages |= messages.search([("model", "=", name), ("res_id", "in", records.ids)])
        return [
            {
                "date": message.date,
                "from": message.author_id.display_name or message.email_from or "",
                "subject": message.subject or "",
                "text": html2plaintext(message.body or ""),
            }
            for message in messages.sorted(lambda message: (message.date, message.id))
        ]

    def _read_files(self, records):
        files = self.env["ir.attachment"]
        for name, found in records.items():
            files |= files.search([("res_model", "=", name), ("res_id", "in", found.ids), ("res_field", "=", False)])
        return [
            {"name": file.name, "date": file.create_date, "type": file.mimetype, "size": file.file_size}
            for file in files.sorted("id")
        ]


def _has_table(model):
    return model._auto and not model._abstract and not model._transient


def _read_rows(records, names=None):
    """Values of the records: links as the names of what they lead to, what is empty as null."""
    chosen = [
        field
        for name, field in records._fields.items()
        if field.store and field.type not in LEFT_OUT_TYPES and (names is None or name in names)
    ]
    return [{field.name: _get_plain_value(record, field) for field in chosen} for record in records]


def _get_plain_value(record, field):
    value = record[field.name]
    if field.type == "many2one":
        return value.display_name or None
    if field.type == "many2many":
        return value.mapped("display_name")
    if field.type == "boolean" or (field.type in ("integer", "float", "monetary") and value is not False):
        return value
    return str(value) if value and field.type in ("html", "reference") else value or None
