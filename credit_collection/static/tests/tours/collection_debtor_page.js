/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

const ITEMS = ".o_field_widget[name='decision_ids']";

/** A collector reads a debtor's page, opens a figure, remembers a contact, and acts on chosen items. */
const pageSteps = (customer) => [
    ...openMenu("debtor", `.o_list_view .o_data_row:contains('${customer}')`),
    {
        content: "open the customer",
        trigger: `.o_list_view .o_data_row:contains('${customer}') .o_data_cell:not(.o_list_button):first`,
        run: "click",
    },
    { content: "its figures stand", trigger: ".o_collection_figure[data-figure='overdue']:enabled" },
    { content: "who to talk to stands", trigger: ".o_collection_contact a[href^='mailto:']" },
    { content: "the timeline stands", trigger: ".o_collection_timeline" },
    { content: "open what is overdue", trigger: ".o_collection_figure[data-figure='overdue']", run: "click" },
    { content: "its items are listed", trigger: ".o_list_view th[data-name='summary']" },
    { content: "back to the page", trigger: ".o_breadcrumb .o_back_button", run: "click" },
    { content: "verify a contact", trigger: "button[name='action_verify_contact']:first", run: "click" },
    { content: "it is verified", trigger: ".o_collection_contact .text-muted:contains(/Verified on|Vérifié le/)" },
    { content: "choose an item", trigger: `${ITEMS} .o_data_row .o_list_record_selector input`, run: "click" },
    { content: "it is chosen", trigger: `${ITEMS} .o_collection_choice:contains(1)` },
    { content: "remind of it", trigger: `${ITEMS} button[name='action_remind']`, run: "click" },
    { content: "the level is proposed", trigger: ".modal .o_field_widget[name='level_id'] input:value(Rappel)" },
    { content: "not now", trigger: ".modal .btn-close", run: "click" },
    { content: "the page stands again", trigger: "body:not(:has(.modal)) .o_collection_figures" },
];

registry.category("web_tour.tours").add("collection_debtor_page", {
    steps: () => patiently(pageSteps("Menuiserie Durand")),
});

registry.category("web_tour.tours").add("collection_debtor_answer", {
    steps: () =>
        patiently([
            ...openMenu("todo", ".o_kanban_view .o_kanban_record .fa-envelope-open-o"),
            { content: "answers to read", trigger: ".o_kanban_record:has(.fa-envelope-open-o)", run: "click" },
            { content: "what it says is listed", trigger: ".o_list_view .o_data_row:contains(palette)" },
            {
                content: "open it",
                trigger: ".o_list_view .o_data_row:contains(palette) .o_data_cell:not(.o_list_button):first",
                run: "click",
            },
            { content: "its words stand on the page", trigger: ".o_collection_answer_text:contains(palette)" },
            { content: "nothing to do", trigger: ".alert button[name='action_mark_read']", run: "click" },
            { content: "it is read", trigger: ".o_form_view:not(:has(.o_collection_answer_text:visible))" },
        ]),
});
