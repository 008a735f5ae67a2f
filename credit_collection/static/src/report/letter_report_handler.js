import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

// All reports of this add-on are drawn by the server: none is a page for wkhtmltopdf.
const DRAWN_BY_THE_SERVER = "credit_collection.";

/**
 * Downloads our letters without asking for wkhtmltopdf, which does not make them.
 */
async function downloadLetter(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !action.report_name.startsWith(DRAWN_BY_THE_SERVER)) {
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
