from . import (
    company_identity,
    debtor_statement,
    delivery_letters,
    deposit_slip,
    ir_actions_report,
    letter_company,
    letter_partner,
    letter_template,
    reminder_letter,
)
