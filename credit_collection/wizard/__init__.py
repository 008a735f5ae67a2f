from . import (
    collection_dry_run,
    collection_interest_view,
    collection_letter_outcome,
    collection_level_change,
    collection_pause,
    collection_plan_change,
    collection_reminder_annexes,
    collection_reminder_preview,
    collection_setup,
    collection_statement_preview,
    collection_tracking_import,
    partner_merge,
)
