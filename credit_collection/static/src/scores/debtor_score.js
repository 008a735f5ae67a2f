import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { clickButton } from "../debtor_page/click_button";

const CLASS_COLORS = { A: "success", B: "success", C: "warning", D: "warning", E: "danger", N: "info" };

/**
 * The score of a customer with what has moved it, the heaviest first, and the class that a person has set.
 */
export class DebtorScore extends Component {
    static template = "credit_collection.DebtorScore";
    static props = { ...standardFieldProps };

    get page() {
        return this.props.record.data[this.props.name] || {};
    }

    get color() {
        return CLASS_COLORS[this.page.score_class] || "light";
    }

    call(method) {
        return clickButton(this, method);
    }
}

registry.category("fields").add("collection_debtor_score", {
    component: DebtorScore,
    supportedTypes: ["json"],
});
