from base64 import b64decode

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .tracking_file import MAXIMUM_ROWS, Trouble, UnreadableFile, read_rows


class CollectionTrackingImport(models.TransientModel):
    """Numbers of registered letters, scanned one after the other or from a file, given to a batch of letters.

    By the reference of the reminder where the lines name it, else in the order in which the letters are printed. What
    cannot be given stays on the screen with its reason: no line is lost.
    """

    _name = "collection.tracking.import"
    _description = "Numbers of Registered Letters"

    delivery_ids = fields.Many2many("collection.delivery", string="Letters", required=True)
    letter_count = fields.Integer(string="Letters chosen", compute="_compute_letter_count")
    waiting_count = fields.Integer(string="Without a number", compute="_compute_letter_count")
    text = fields.Text(string="Numbers", help="One a line, as the scanner writes them.")
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    line_ids = fields.One2many("collection.tracking.import.line", "import_id", string="Lines")
    given_count = fields.Integer(string="Numbers given", readonly=True)

    @api.depends("delivery_ids.tracking_number")
    def _compute_letter_count(self):
        for wizard in self:
            wizard.letter_count = len(wizard.delivery_ids)
            wizard.waiting_count = len(wizard.delivery_ids.filtered(lambda delivery: not delivery.tracking_number))

    def action_read(self):
        """Read the file, or the text, and show which letter each number goes to, or why it cannot."""
        self.ensure_one()
        rows = self._read_rows()
        self.line_ids = [Command.clear(), *(Command.create(values) for values in self._prepare_lines(rows))]
        return self._show()

    def action_apply(self):
        """Give the numbers that can be given; the other lines stay here with their reasons."""
        self.ensure_one()
        if not self.line_ids:
            self.action_read()
        good = self.line_ids.filtered(lambda line: not line.problem)
        for line in good:
            try:
                with self.env.cr.savepoint():
                    line.delivery_id.tracking_number = line.number
            except (UserError, ValidationError) as error:
                line.problem = str(error)
        given = good.filtered(lambda line: not line.problem)
        self.given_count += len(given)
        given.unlink()
        if self.line_ids:
            # What is left is corrected here, and read again.
            self.write({"file": False, "file_name": False, "text": "\n".join(self.line_ids.mapped("content"))})
            return self._show()
        return {"type": "ir.actions.act_window_close"}

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Numbers of the registered letters"),
        }

    # -- reading -------------------------------------------------------------------------------------------------------

    def _read_rows(self):
        content = b64decode(self.with_context(bin_size=False).file or b"") or (self.text or "").encode()
        try:
            return read_rows(content)
        except UnreadableFile as error:
            raise UserError(self._describe_trouble(error.trouble)) from error

    def _describe_trouble(self, trouble):
        if trouble is Trouble.EMPTY:
            return self.env._("There is no number here: paste or scan them one a line, or choose a file.")
        if trouble is Trouble.TOO_LARGE:
            return self.env._("This file is too large for a list of numbers: 5 MB at most.")
        if trouble is Trouble.TOO_MANY_ROWS:
            return self.env._("This file has too many lines: %s at most.", MAXIMUM_ROWS)
        return self.env._("This file cannot be read: save it as CSV or as an Excel workbook (.xlsx).")

    # -- matching ------------------------------------------------------------------------------------------------------

    def _prepare_lines(self, rows):
        by_reference = any(row.reminder_id for row in rows)
        letters = self._get_letters_by_reference() if by_reference else iter(self._get_letters_in_order())
        seen = {}
        for row in rows:
            if by_reference:
                delivery, problem = self._find_by_reference(row, letters)
            else:
                delivery = next(letters, self.env["collection.delivery"])
                problem = None if delivery else self.env._("There are more numbers than letters without one.")
            number, unread = self._find_number(row)
            problem = unread or problem or self._get_obstacle(delivery, number, seen.get(number))
            if number:
                seen.setdefault(number, row.line)
            yield {
                "line": row.line,
                "content": ";".join(row.cells),
                "number": number,
                "delivery_id": delivery.id,
                "problem": problem,
            }

    def _get_letters_by_reference(self):
        return {delivery.reminder_id.id: delivery for delivery in self.delivery_ids}

    def _get_letters_in_order(self):
        """Letters without a number, as they are printed."""
        by_reminder = self.delivery_ids.grouped("reminder_id")
        for reminder in self.delivery_ids.reminder_id._sort_for_the_post():
            yield from by_reminder[reminder].filtered(lambda delivery: not delivery.tracking_number)

    def _find_by_reference(self, row, letters):
        if not row.reminder_id:
            return self.env["collection.delivery"], self.env._("This line names no letter, though others do.")
        delivery = letters.get(row.reminder_id) or self.env["collection.delivery"]
        problem = None if delivery else self.env._("No letter chosen here has this reference.")
        return delivery, problem

    def _find_number(self, row):
        """(number, None), or (False, why the line holds none)."""
        reasons = []
        for cell in row.others:
            try:
                return self.env["collection.delivery"]._read_tracking_number(cell), None
            except ValidationError as error:
                reasons.append(str(error))
        return False, reasons[0] if reasons else self.env._("This line holds no number.")

    def _get_obstacle(self, delivery, number, earlier_line):
        """Why the number cannot be given to the letter, in words; None if it can."""
        if earlier_line:
            return self.env._("The same number already stands on line %s.", earlier_line)
        if delivery.tracking_number and delivery.tracking_number != number:
            return self.env._(
                "This letter already has the number %s: change it on the letter itself.", delivery.tracking_number
            )
        other = delivery._find_numbered(number)
        if other:
            return self.env._("This number is already that of the letter %s.", other.reminder_id.name)
        return None


class CollectionTrackingImportLine(models.TransientModel):
    _name = "collection.tracking.import.line"
    _description = "Number of a Registered Letter"
    _order = "line, id"

    import_id = fields.Many2one("collection.tracking.import", required=True, ondelete="cascade", index=True)
    line = fields.Integer(string="Line No.", readonly=True)
    content = fields.Char(string="As written", readonly=True)
    number = fields.Char(readonly=True)
    delivery_id = fields.Many2one("collection.delivery", string="Letter", readonly=True)
    debtor_id = fields.Many2one(related="delivery_id.debtor_id")
    problem = fields.Char(string="Why not", readonly=True)
