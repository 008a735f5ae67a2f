/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

registry.category("web_tour.tours").add("collection_interest_invoice", {
    steps: () =>
        patiently([
            { content: "open what is late", trigger: ".o_form_view .nav-link[name='interest']", run: "click" },
            { content: "invoice interest", trigger: "button[name='action_invoice_interest']", run: "click" },
            { content: "it is proposed", trigger: ".modal .o_data_row:contains('40')" },
            { content: "prepare the invoice", trigger: ".modal button[name='action_invoice']", run: "click" },
            {
                content: "the draft has interest and recovery costs",
                trigger: ".o_form_view .o_field_widget[name='invoice_line_ids'] .o_data_row:nth-child(2)",
            },
            ...openMenu("interest_fact", ".o_pivot"),
            { content: "row by row", trigger: ".o_cp_switch_buttons .o_switch_view.o_list", run: "click" },
            { content: "what is to post is there", trigger: ".o_list_view .o_data_row:nth-child(2)" },
        ]),
});
