import zipfile
from base64 import b64encode
from io import BytesIO

from openpyxl import Workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from .registered_case import RegisteredCase

NUMBERS = ("1A00915820380", "1A00915820397", "1A00915820403")


def workbook_of(*rows):
    """Bytes of an Excel workbook."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


class NumbersCase(RegisteredCase):
    """Three letters, printed in the order of their postcodes: Anne, Menuiserie Durand, Zoé."""

    def setUp(self):
        super().setUp()
        anne = self.make_partner("Anne", zip="13001", city="Marseille")
        zoe = self.make_partner("Zoé", zip="75011", city="Paris")
        self.letters = self.letters_for(anne, self.partner, zoe)

    def wizard(self, **values):
        context = self.letters.action_enter_numbers()["context"]
        return self.env["collection.tracking.import"].with_context(**context).create(values)

    def numbers(self):
        return [letter.tracking_number for letter in self.letters]


@tagged("post_install", "-at_install")
class TestNumbersAreGivenToABatch(NumbersCase):
    """Scanned in the order of printing, or from a file with the references: each letter gets its own."""

    def test_scanned_in_the_order_in_which_the_letters_are_printed(self):
        wizard = self.wizard(text="\n".join(NUMBERS))
        self.assertEqual(wizard.action_apply()["type"], "ir.actions.act_window_close")
        self.assertEqual(self.numbers(), list(NUMBERS))

    def test_the_wizard_shows_first_where_they_go(self):
        wizard = self.wizard(text="\n".join(NUMBERS))
        wizard.action_read()
        self.assertEqual(
            [(line.line, line.debtor_id.display_name, line.number, line.problem) for line in wizard.line_ids],
            [
                (1, "Anne", NUMBERS[0], False),
                (2, "Menuiserie Durand", NUMBERS[1], False),
                (3, "Zoé", NUMBERS[2], False),
            ],
        )
        self.assertEqual(self.numbers(), [False] * 3)

    def test_letters_that_have_one_are_passed_over(self):
        self.letters[0].tracking_number = NUMBERS[2]
        self.wizard(text="\n".join(NUMBERS[:2])).action_apply()
        self.assertEqual(self.numbers(), [NUMBERS[2], NUMBERS[0], NUMBERS[1]])

    def test_by_reference_in_a_csv_file_in_any_order(self):
        names = [letter.reminder_id.name for letter in self.letters]
        content = f"Référence;Numéro\r\n{names[2]};{NUMBERS[2]}\r\n{names[0].lower()};1A 009 158 2038 0\r\n"
        self.wizard(file=b64encode(content.encode("cp1252"))).action_apply()
        self.assertEqual(self.numbers(), [NUMBERS[0], False, NUMBERS[2]])

    def test_by_reference_in_a_workbook(self):
        rows = [(NUMBERS[rank], None, letter.reminder_id.name) for rank, letter in enumerate(self.letters)]
        content = workbook_of(("Number", None, "Reference"), *rows)
        self.wizard(file=b64encode(content)).action_apply()
        self.assertEqual(self.numbers(), list(NUMBERS))

    def test_numbers_that_a_spreadsheet_took_for_amounts(self):
        self.wizard(file=b64encode(workbook_of((87000123456789.0,), (87000123456790,)))).action_apply()
        self.assertEqual(self.numbers(), ["87000123456789", "87000123456790", False])


@tagged("post_install", "-at_install")
class TestNoLineOfAFileIsLost(NumbersCase):
    """What cannot be given stays on the screen with its line and the reason, to be corrected and read again."""

    def problems(self, text, **values):
        wizard = self.wizard(text=text, **values)
        wizard.action_read()
        return {line.line: line.problem for line in wizard.line_ids if line.problem}

    def test_what_is_no_number(self):
        self.assertEqual(
            self.problems(f"{NUMBERS[0]}\nabc12\n{NUMBERS[1]}"),
            {2: "“abc12” is no number of a registered letter: 10 to 20 letters and digits."},
        )

    def test_the_same_number_twice(self):
        self.assertEqual(
            self.problems(f"{NUMBERS[0]}\n1a 009 158 2038 0"), {2: "The same number already stands on line 1."}
        )

    def test_more_numbers_than_letters(self):
        text = "\n".join((*NUMBERS, "1A00915820410"))
        self.assertEqual(self.problems(text), {4: "There are more numbers than letters without one."})

    def test_a_reference_that_is_not_among_the_letters(self):
        self.assertEqual(
            self.problems(f"R9999999;{NUMBERS[0]}\n{NUMBERS[1]}"),
            {1: "No letter chosen here has this reference.", 2: "This line names no letter, though others do."},
        )

    def test_a_letter_that_has_another_number(self):
        self.letters[0].tracking_number = NUMBERS[2]
        self.assertEqual(
            self.problems(f"{self.letters[0].reminder_id.name};{NUMBERS[0]}"),
            {1: f"This letter already has the number {NUMBERS[2]}: change it on the letter itself."},
        )

    def test_a_number_that_another_letter_has(self):
        self.letters[0].tracking_number = NUMBERS[2]
        self.assertEqual(
            self.problems(f"{self.letters[1].reminder_id.name};{NUMBERS[2]}"),
            {1: f"This number is already that of the letter {self.letters[0].reminder_id.name}."},
        )

    def test_the_good_lines_are_given_and_the_others_stay(self):
        wizard = self.wizard(text=f"{NUMBERS[0]}\nabc12\n{NUMBERS[1]}")
        answer = wizard.action_apply()
        self.assertEqual((answer["res_model"], answer["res_id"]), (wizard._name, wizard.id))
        self.assertEqual((wizard.given_count, wizard.line_ids.content, wizard.text), (2, "abc12", "abc12"))
        self.assertEqual(self.numbers(), [NUMBERS[0], False, NUMBERS[1]])
        wizard.text = NUMBERS[2]
        wizard.action_read()
        self.assertEqual(wizard.action_apply()["type"], "ir.actions.act_window_close")
        self.assertEqual(self.numbers(), [NUMBERS[0], NUMBERS[2], NUMBERS[1]])


@tagged("post_install", "-at_install")
class TestHostileFiles(NumbersCase):
    """Whatever is uploaded, the answer is words, and no letter changes."""

    def assert_refused(self, content, words):
        with self.assertRaisesRegex(UserError, words):
            self.wizard(file=b64encode(content)).action_apply()
        self.assertEqual(self.numbers(), [False] * 3)

    def test_an_archive_that_is_no_workbook(self):
        self.assert_refused(b"PK\x03\x04" + b"\0" * 100, "This file cannot be read")

    def test_an_archive_that_unpacks_to_gigabytes(self):
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 60_000_000)
        self.assertLess(len(content.getvalue()), 200_000)
        self.assert_refused(content.getvalue(), "too large")

    def test_a_program(self):
        self.assert_refused(b"MZ\x90\0\x03\0\0\0", "This file cannot be read")

    def test_a_file_of_six_megabytes(self):
        self.assert_refused(b"1" * 6_000_000, "too large")

    def test_a_file_of_ten_thousand_lines(self):
        self.assert_refused(b"1A00915820380\n" * 10_000, "too many lines")

    def test_nothing_at_all(self):
        self.assert_refused(b" \r\n;;;\r\n", "There is no number here")

    def test_cells_that_a_spreadsheet_would_run_or_a_browser_show(self):
        wizard = self.wizard(text='=HYPERLINK("http://x";"12")\n<script>alert(12)</script>\n\'; DROP TABLE x; --12')
        wizard.action_apply()
        self.assertEqual(len(wizard.line_ids), 3)
        self.assertTrue(all(line.problem for line in wizard.line_ids))
        self.assertEqual(self.numbers(), [False] * 3)

    def test_an_unfinished_quotation(self):
        wizard = self.wizard(text=f'"{NUMBERS[0]}\n{NUMBERS[1]}')
        wizard.action_apply()
        self.assertTrue(wizard.line_ids.problem)
        self.assertEqual(self.numbers(), [False] * 3)
