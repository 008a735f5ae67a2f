import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const BUTTON_OF_COLLECTION = /^\/web\/dataset\/call_button\/collection\./;
const PATIENCE = 1000;

/** What a button does, in words, for those that may take long. */
function getWords(method) {
    switch (method) {
        case "action_plan":
        case "action_look":
        case "action_start_from_dry_run":
            return _t("Deciding every open invoice…");
        case "action_approve":
            return _t("Checking what is approved…");
        case "action_send":
            return _t("Filling the outbox…");
        case "action_send_now":
            return _t("Handing over…");
        case "action_mark_posted":
            return _t("Checking the letters before they are posted…");
        case "action_include":
            return _t("Including the entries…");
        case "action_refresh_figures":
            return _t("Refreshing the figures…");
        default:
            return _t("At work…");
    }
}

/**
 * Says what is going on when a button of collection takes longer than a moment, and keeps other clicks away.
 */
export const longWorkService = {
    dependencies: ["ui"],
    start(env, { ui }) {
        const pending = new Map();

        rpcBus.addEventListener("RPC:REQUEST", ({ detail: { data, url, settings } }) => {
            if (settings.silent || !BUTTON_OF_COLLECTION.test(url)) {
                return;
            }
            const work = { shown: false };
            work.timer = browser.setTimeout(() => {
                work.shown = true;
                ui.block({ message: getWords(data.params.method) });
            }, PATIENCE);
            pending.set(data.id, work);
        });

        rpcBus.addEventListener("RPC:RESPONSE", ({ detail: { data } }) => {
            const work = pending.get(data.id);
            if (!work) {
                return;
            }
            pending.delete(data.id);
            browser.clearTimeout(work.timer);
            if (work.shown) {
                ui.unblock();
            }
        });
    },
};

registry.category("services").add("credit_collection.long_work", longWorkService);
