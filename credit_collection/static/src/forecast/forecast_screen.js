import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

import { ForecastChart } from "./forecast_chart";

const WEEKS_LISTED_AT_FIRST = 8;

/**
 * The cash to come: graph, table, what the forecast has been worth so far, and the plan of the months.
 *
 * Everything shown comes from one call, with the rights of the user; each choice asks anew.
 */
export class ForecastScreen extends Component {
    static template = "credit_collection.ForecastScreen";
    static components = { Layout, ForecastChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.notification = useService("notification");
        this.state = useState({ screen: null, allWeeks: false });
        this.display = { controlPanel: {}, searchPanel: false };
        useSetupAction({ getLocalState: () => ({ options: this.options }) });
        onWillStart(() => this.load(this.props.state?.options || {}));
    }

    get screen() {
        return this.state.screen;
    }

    get options() {
        const { company_id, currency_id, granularity, scope } = this.screen || {};
        return { company_id, currency_id, granularity, scope };
    }

    get past() {
        return this.state.allWeeks ? this.screen.past : this.screen.past.slice(0, WEEKS_LISTED_AT_FIRST);
    }

    get hasBounds() {
        return this.screen.shows === "model";
    }

    /** Scopes of one kind: they stand together in the list. */
    getScopes(breakdown) {
        return this.screen.scopes.filter((scope) => scope.breakdown === breakdown);
    }

    async load(options) {
        this.state.screen = await this.orm.call("collection.forecast", "get_screen", [options]);
    }

    choose(name, value) {
        return this.load({ ...this.options, [name]: value });
    }

    chooseNumber(name, ev) {
        return this.choose(name, parseInt(ev.target.value));
    }

    async refresh() {
        this.ui.block();
        try {
            const done = await this.orm.call("collection.forecast", "refresh_now", [this.screen.company_id]);
            if (!done) {
                this.notification.add(
                    _t("The forecast is being made: open this page again in a few minutes."),
                    { type: "info" }
                );
            }
            await this.load(this.options);
        } finally {
            this.ui.unblock();
        }
    }

    exportWorkbook() {
        const chosen = Object.entries(this.options).filter(([, value]) => value);
        const cids = user.activeCompanies.map((company) => company.id).join("-");
        const query = new URLSearchParams([...chosen, ["cids", cids]]);
        return this.action.doAction({
            type: "ir.actions.act_url",
            url: `/collection/forecast/xlsx?${query}`,
            target: "download",
        });
    }

    showAllWeeks() {
        this.state.allWeeks = true;
    }

    openItems() {
        return this.action.doAction("credit_collection.action_collection_payment_date");
    }

    openRecord() {
        return this.action.doAction("credit_collection.action_collection_forecast_line");
    }

    openPlan() {
        return this.action.doAction("credit_collection.action_collection_cash_plan");
    }

    format(value) {
        return value === null || value === undefined
            ? ""
            : formatMonetary(value, { currencyId: this.screen.currency_id });
    }

    sum(name) {
        return this.format(this.screen.periods.reduce((sum, period) => sum + period[name], 0));
    }
}

registry.category("actions").add("collection_forecast", ForecastScreen);
