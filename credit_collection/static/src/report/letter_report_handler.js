import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

const DRAWN_BY_THE_SERVER = [
    "credit_collection.reminder_letter",
    "credit_collection.account_statement",
    "credit_collection.deposit_slip",
    "credit_collection.interest_statement_debtor",
    "credit_collection.interest_statement_item",
    "credit_collection.interest_statement_reminder",
    "credit_collection.interest_statement_view",
    "credit_collection.agreement_letter",
    "credit_collection.agreement_warning",
    "credit_collection.agreement_revocation",
    "credit_collection.score_sheet",
];

/**
 * Downloads our letters without asking for wkhtmltopdf, which does not make them.
 */
async function downloadLetter(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !DRAWN_BY_THE_SERVER.includes(action.report_name)) {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf", user.context), action.report_type]),
                context: JSON.stringify({ ...user.context, ...action.context }),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("credit_collection_letters", downloadLetter);
