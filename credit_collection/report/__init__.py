from . import debtor_statement, ir_actions_report, letter_company, letter_partner, letter_template, reminder_letter
