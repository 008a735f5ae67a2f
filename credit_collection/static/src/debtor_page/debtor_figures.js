import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { clickButton } from "./click_button";

const MAIN_FIGURES = ["overdue", "claim", "balance"];
// Shown where there is something: few customers ever have any.
const SELDOM = ["in_court"];

/**
 * The figures of a debtor, live: each opens the list of what adds up to it.
 */
export class DebtorFigures extends Component {
    static template = "credit_collection.DebtorFigures";
    static props = { ...standardFieldProps };

    get page() {
        return this.props.record.data[this.props.name] || {};
    }

    get currencies() {
        return this.page.currencies || [];
    }

    getMain(currency) {
        return currency.figures.filter((figure) => MAIN_FIGURES.includes(figure.name));
    }

    getOthers(currency) {
        return currency.figures.filter(
            (figure) => !MAIN_FIGURES.includes(figure.name) && !(figure.empty && SELDOM.includes(figure.name))
        );
    }

    open(figure, currencyId) {
        return clickButton(this, "action_open_figure", { figure, figure_currency_id: currencyId || false });
    }

    openPending() {
        return clickButton(this, "action_open_pending_reminder");
    }

    call(method) {
        return clickButton(this, method);
    }
}

registry.category("fields").add("collection_debtor_figures", {
    component: DebtorFigures,
    supportedTypes: ["json"],
});

/** What else tells how the customer pays: its limit, its usual delay, its group, what we owe it. */
export class DebtorStanding extends DebtorFigures {
    static template = "credit_collection.DebtorStanding";
}

registry.category("fields").add("collection_debtor_standing", {
    component: DebtorStanding,
    supportedTypes: ["json"],
});
