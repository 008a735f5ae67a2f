/** @odoo-module **/

import { registry } from "@web/core/registry";

import { openMenu, patiently } from "./collection_steps";

/** First click: the call screen opens on the customer. */
const openCall = (name) => [
    {
        content: `call ${name}`,
        trigger: `.o_list_view .o_data_row:contains('${name}') button[name='action_call']`,
        run: "click",
    },
    {
        content: "whom to call, with a link for the telephone",
        trigger: ".modal .o_field_widget[name='contact_ids'] a[href^='tel:']",
    },
    {
        content: "what to say, with the figures",
        trigger: `.modal .o_field_widget[name='script']:contains('${name}')`,
    },
];

const callsToMake = () => [
    {
        content: "open the calls to make",
        trigger: ".o_kanban_record:has(.fa-volume-control-phone)",
        run: "click",
    },
    { content: "they stand there", trigger: ".o_list_view button[name='action_call']" },
];

registry.category("web_tour.tours").add("collection_calls", {
    steps: () =>
        patiently([
            ...callsToMake(),
            ...openCall("Menuiserie Durand"),
            // Second click: nobody answers, call again tomorrow.
            { content: "no answer", trigger: ".modal .o_call_tomorrow", run: "click" },
            { content: "the call is noted", trigger: "body:not(:has(.modal))" },
            {
                content: "its task is done",
                trigger: ".o_list_view:not(:has(.o_data_row:contains('Menuiserie Durand')))",
            },
            ...openCall("Boulangerie Martin"),
            {
                content: "a reason for lateness",
                trigger: ".modal .o_field_widget[name='lateness_reason_id'] .o_selection_badge:nth-child(2)",
                run: "click",
            },
            {
                content: "what was said",
                trigger: ".modal .o_field_widget[name='note'] textarea",
                run: "edit Payera vendredi",
            },
            { content: "a promise", trigger: ".modal button[name='action_promise']", run: "click" },
            {
                content: "the dialog of the promise stands",
                trigger: ".modal .o_field_widget[name='heard_by']",
            },
            { content: "close it", trigger: ".modal .btn-close", run: "click" },
            { content: "it is closed", trigger: "body:not(:has(.modal))" },
            ...openMenu("call", ".o_list_view .o_data_row:contains('Menuiserie Durand')"),
            {
                content: "the call that was to become a promise is there with its note",
                trigger:
                    ".o_list_view .o_data_row:contains('Payera vendredi') .o_data_cell[name='debtor_id']:contains('Boulangerie Martin')",
                run: "click",
            },
            { content: "its page stands", trigger: ".o_form_view .o_collection_call_outcomes" },
            ...openMenu("lateness", ".o_pivot"),
        ]),
});
